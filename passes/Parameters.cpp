//===- Parameters.cpp - Parameters of a network on a target ---------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Parameters.h"
#include "pfmlir/Dialect/AttrParameters.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace pfmlir::power;

//===----------------------------------------------------------------------===//
// Names of operations
//===----------------------------------------------------------------------===//

SmallVector<Operation *>
pfmlir::power::parameterOwners(TargetOp target, ArrayRef<LayerOp> layers) {
  SmallVector<Operation *> owners = {target};
  for (Operation &op : target.getBody().front())
    owners.push_back(&op);
  llvm::append_range(owners, layers);
  return owners;
}

/// A name as a path has it: quoted where a dot or a quote is in it.
static std::string quoteIfNeeded(StringRef name) {
  if (!name.empty() && name.find_first_of(".\" ") == StringRef::npos)
    return name.str();
  std::string quoted = "\"";
  for (char character : name) {
    if (character == '"' || character == '\\')
      quoted += '\\';
    quoted += character;
  }
  return quoted + '"';
}

/// What an operation of a target is called among those of its kind: its symbol,
/// the domain that it is of, or nothing.
static StringRef nameOf(Operation *op) {
  if (auto symbol =
          op->getAttrOfType<StringAttr>(SymbolTable::getSymbolAttrName()))
    return symbol.getValue();
  if (auto transition = dyn_cast<TransitionOp>(op))
    return transition.getDomain().value_or("");
  return "";
}

/// Prefixes of paths: those of a target's operations that have no name go by
/// their position among these, if there are several of a kind.
static SmallVector<std::string> prefixesOf(ArrayRef<Operation *> owners) {
  llvm::StringMap<unsigned> unnamed, used;
  for (Operation *op : owners)
    if (nameOf(op).empty())
      ++unnamed[op->getName().getStringRef()];
  SmallVector<std::string> prefixes;
  for (Operation *op : owners) {
    if (isa<TargetOp>(op)) {
      prefixes.push_back("target.");
      continue;
    }
    if (auto layer = dyn_cast<LayerOp>(op)) {
      prefixes.push_back("layer." + quoteIfNeeded(layer.getName()) + ".");
      continue;
    }
    StringRef kind = op->getName().getStringRef();
    std::string prefix = "target." + op->getName().stripDialect().str() + ".";
    StringRef name = nameOf(op);
    if (!name.empty())
      prefix += quoteIfNeeded(name) + ".";
    else if (unnamed[kind] > 1)
      prefix += std::to_string(used[kind]++) + ".";
    prefixes.push_back(prefix);
  }
  return prefixes;
}

//===----------------------------------------------------------------------===//
// Parts of attributes
//===----------------------------------------------------------------------===//

/// The elements of a list; nothing for what is none.
static SmallVector<Attribute> elementsOf(Attribute attr) {
  if (auto array = dyn_cast<ArrayAttr>(attr))
    return llvm::to_vector(array.getValue());
  Builder builder(attr.getContext());
  if (auto numbers = dyn_cast<DenseF64ArrayAttr>(attr))
    return llvm::map_to_vector(numbers.asArrayRef(),
                               [&](double number) -> Attribute {
                                 return builder.getF64FloatAttr(number);
                               });
  if (auto numbers = dyn_cast<DenseI64ArrayAttr>(attr))
    return llvm::map_to_vector(numbers.asArrayRef(),
                               [&](int64_t number) -> Attribute {
                                 return builder.getI64IntegerAttr(number);
                               });
  return {};
}

/// The values inside a value, with what they are called there.
static SmallVector<std::pair<std::string, Attribute>> partsOf(Attribute attr) {
  SmallVector<std::pair<std::string, Attribute>> parts;
  if (!attr)
    return parts;
  for (const ParameterValue &parameter : getParameterValues(attr))
    parts.push_back({parameter.name.str(), parameter.value});
  for (auto [index, element] : llvm::enumerate(elementsOf(attr)))
    parts.push_back({std::to_string(index), element});
  if (auto dictionary = dyn_cast<DictionaryAttr>(attr))
    for (NamedAttribute entry : dictionary)
      parts.push_back({entry.getName().str(), entry.getValue()});
  return parts;
}

static void addParameters(const ParameterPath &path, Attribute value,
                          SmallVectorImpl<NetworkParameter> &parameters) {
  parameters.push_back({path, value});
  for (const auto &[name, part] : partsOf(value)) {
    ParameterPath inner = path;
    inner.text += "." + quoteIfNeeded(name);
    inner.parts.push_back(name);
    addParameters(inner, part, parameters);
  }
}

/// Names are what paths are made of; a schedule's states are no parameters.
static bool isParameter(Operation *op, StringRef attribute) {
  if (isa<LayerOp>(op))
    return attribute != "name" && attribute != "state";
  return attribute != SymbolTable::getSymbolAttrName();
}

SmallVector<NetworkParameter>
pfmlir::power::listParameters(TargetOp target, ArrayRef<LayerOp> layers) {
  SmallVector<NetworkParameter> parameters;
  SmallVector<Operation *> owners = parameterOwners(target, layers);
  SmallVector<std::string> prefixes = prefixesOf(owners);
  for (auto [index, op] : llvm::enumerate(owners))
    for (StringAttr name : op->getName().getAttributeNames())
      if (isParameter(op, name))
        addParameters({prefixes[index] + name.str(), unsigned(index), name, {}},
                      op->getAttr(name), parameters);
  return parameters;
}

//===----------------------------------------------------------------------===//
// Replacing values
//===----------------------------------------------------------------------===//

/// A list with another element, which is a number if the elements are.
static Attribute withElement(Attribute list, StringRef index, Attribute value,
                             Location location) {
  SmallVector<Attribute> elements = elementsOf(list);
  size_t position = 0;
  if (index.getAsInteger(10, position) || position >= elements.size()) {
    emitError(location) << "expects an index below " << elements.size()
                        << ", but got '" << index << "'";
    return {};
  }
  Builder builder(list.getContext());
  auto whole = dyn_cast_or_null<IntegerAttr>(value);
  if (whole && isa<FloatAttr>(elements[position]))
    value = builder.getF64FloatAttr(double(whole.getInt()));
  if (!value || isa<FloatAttr>(value) != isa<FloatAttr>(elements[position])) {
    InFlightDiagnostic error = emitError(location);
    error << "expects a value like " << elements[position] << ", but got ";
    if (value)
      error << value;
    else
      error << "none";
    return {};
  }
  elements[position] = value;
  if (isa<ArrayAttr>(list))
    return builder.getArrayAttr(elements);
  if (isa<DenseF64ArrayAttr>(list))
    return builder.getDenseF64ArrayAttr(
        llvm::map_to_vector(elements, [](Attribute element) {
          return cast<FloatAttr>(element).getValueAsDouble();
        }));
  return builder.getDenseI64ArrayAttr(
      llvm::map_to_vector(elements, [](Attribute element) {
        return cast<IntegerAttr>(element).getInt();
      }));
}

/// A value as it is where a part of it is another. Null after an error.
static Attribute withPart(Attribute attr, ArrayRef<std::string> parts,
                          Attribute value, Location location) {
  if (parts.empty())
    return value;
  StringRef name = parts.front();
  Attribute inner = value;
  if (parts.size() > 1) {
    Attribute before;
    for (const auto &[known, part] : partsOf(attr))
      if (known == name)
        before = part;
    if (!before) {
      emitError(location) << "expects '" << name << "' in " << attr;
      return {};
    }
    inner = withPart(before, parts.drop_front(), value, location);
    if (!inner)
      return {};
  }
  if (!getParameterValues(attr).empty())
    return withParameter(attr, name, inner, location);
  if (auto dictionary = dyn_cast<DictionaryAttr>(attr)) {
    NamedAttrList entries(dictionary);
    if (inner)
      entries.set(name, inner);
    else
      entries.erase(name);
    return entries.getDictionary(attr.getContext());
  }
  return withElement(attr, name, inner, location);
}

/// Other ways to say a value, in the order in which they are tried.
static SmallVector<Attribute> waysToSay(Attribute value) {
  SmallVector<Attribute> ways = {value};
  if (!value)
    return ways;
  Builder builder(value.getContext());
  if (auto flag = dyn_cast<BoolAttr>(value))
    ways = {flag.getValue() ? Attribute(builder.getUnitAttr()) : Attribute()};
  else if (auto whole = dyn_cast<IntegerAttr>(value))
    ways.push_back(builder.getF64FloatAttr(double(whole.getInt())));
  return ways;
}

LogicalResult pfmlir::power::setParameter(Operation *owner,
                                          const ParameterPath &path,
                                          Attribute value) {
  StringAttr name = path.attribute;
  Attribute before = owner->getAttr(name);
  auto refuse = [&]() -> LogicalResult {
    InFlightDiagnostic error = emitBriefOpError(owner);
    error << "doesn't take ";
    if (value)
      error << value;
    else
      error << "none";
    return error << " for '" << path.text << "'";
  };
  if (!path.parts.empty()) {
    if (!before)
      return emitBriefOpError(owner) << "expects '" << name.getValue()
                                     << "', to change '" << path.text << "'";
    Attribute after = withPart(before, path.parts, value, owner->getLoc());
    if (!after)
      return failure();
    owner->setAttr(name, after);
    return success(owner->getAttr(name) == after);
  }
  for (Attribute way : waysToSay(value)) {
    // Where several kinds of attributes can be, a number stays one of its kind.
    if (before && way && isa<FloatAttr>(before) && isa<IntegerAttr>(way))
      continue;
    owner->setAttr(name, way);
    // An operation's own storage drops what is of another kind.
    if (owner->getAttr(name) == way)
      return success();
  }
  owner->setAttr(name, before);
  return refuse();
}
