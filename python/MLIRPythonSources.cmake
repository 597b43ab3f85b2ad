# Declares MLIR's Python bindings from LLVM's sources, under the names that an
# MLIR built with them exports. Only what this package takes along.

if(NOT PFMLIR_LLVM_SOURCE_DIR)
  set(PFMLIR_LLVM_SOURCE_DIR $ENV{PFMLIR_LLVM_SOURCE_DIR})
endif()
if(NOT PFMLIR_LLVM_SOURCE_DIR)
  execute_process(
    COMMAND ${PROJECT_SOURCE_DIR}/tools/fetch-mlir-python.sh
      ${LLVM_VERSION_MAJOR}
    RESULT_VARIABLE status
    OUTPUT_VARIABLE PFMLIR_LLVM_SOURCE_DIR
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "There are no sources of MLIR's Python bindings; what "
                        "to do is said above.")
  endif()
endif()
set(bindings_dir ${PFMLIR_LLVM_SOURCE_DIR}/mlir/lib/Bindings/Python)
set(package_dir ${PFMLIR_LLVM_SOURCE_DIR}/mlir/python/mlir)
if(NOT EXISTS ${bindings_dir}/IRCore.cpp OR NOT EXISTS ${package_dir}/ir.py)
  message(FATAL_ERROR "PFMLIR_LLVM_SOURCE_DIR is ${PFMLIR_LLVM_SOURCE_DIR}, "
                      "which has no mlir/lib/Bindings/Python. Expected is the "
                      "top of LLVM ${LLVM_VERSION_MAJOR}'s sources.")
endif()
message(STATUS "Using MLIR's Python bindings in: ${PFMLIR_LLVM_SOURCE_DIR}")

################################################################################
# Core
################################################################################

declare_mlir_python_sources(MLIRPythonSources.Core)
declare_mlir_python_sources(MLIRPythonSources.Core.Python
  ROOT_DIR ${package_dir}
  ADD_TO_PARENT MLIRPythonSources.Core
  SOURCES
    _mlir_libs/__init__.py
    _mlir_libs/_mlir/py.typed
    dialects/_ods_common.py
    extras/meta.py
    extras/types.py
    ir.py
    passmanager.py
    rewrite.py)
declare_mlir_python_extension(MLIRPythonExtension.Core
  MODULE_NAME _mlir
  ADD_TO_PARENT MLIRPythonSources.Core
  ROOT_DIR ${bindings_dir}
  SOURCES IRAffine.cpp IRInterfaces.cpp MainModule.cpp Pass.cpp Rewrite.cpp
  PRIVATE_LINK_LIBS LLVMSupport
  EMBED_CAPI_LINK_LIBS
    MLIRCAPIDebug MLIRCAPIIR MLIRCAPIInterfaces MLIRCAPIFunc)
declare_mlir_python_extension(MLIRPythonExtension.MLIRPythonSupport
  _PRIVATE_SUPPORT_LIB
  MODULE_NAME MLIRPythonSupport
  ADD_TO_PARENT MLIRPythonSources.Core
  ROOT_DIR ${bindings_dir}
  SOURCES Globals.cpp IRAttributes.cpp IRCore.cpp IRTypes.cpp)

################################################################################
# Dialects
################################################################################

declare_mlir_python_sources(MLIRPythonSources.Dialects)

function(declare_dialect name td_file)
  declare_mlir_dialect_python_bindings(
    ADD_TO_PARENT MLIRPythonSources.Dialects
    ROOT_DIR ${package_dir}
    TD_FILE dialects/${td_file}
    DIALECT_NAME ${name}
    ${ARGN})
endfunction()

# An extension in C++ that a dialect's Python needs.
function(declare_dialect_extension dialect module source)
  declare_mlir_python_extension(MLIRPythonExtension.${module}
    MODULE_NAME ${module}
    ADD_TO_PARENT MLIRPythonSources.Dialects.${dialect}
    ROOT_DIR ${bindings_dir}
    SOURCES ${source}
    PRIVATE_LINK_LIBS LLVMSupport
    EMBED_CAPI_LINK_LIBS ${ARGN})
endfunction()

declare_dialect(affine AffineOps.td
  SOURCES dialects/affine.py GEN_ENUM_BINDINGS)
declare_dialect(arith ArithOps.td SOURCES dialects/arith.py GEN_ENUM_BINDINGS)
declare_dialect(bufferization BufferizationOps.td
  SOURCES dialects/bufferization.py
  GEN_ENUM_BINDINGS_TD_FILE dialects/BufferizationEnums.td)
declare_dialect(builtin BuiltinOps.td SOURCES dialects/builtin.py)
declare_dialect(cf ControlFlowOps.td SOURCES dialects/cf.py)
declare_dialect(complex ComplexOps.td SOURCES dialects/complex.py)
declare_dialect(func FuncOps.td SOURCES dialects/func.py)
declare_dialect(index IndexOps.td SOURCES dialects/index.py GEN_ENUM_BINDINGS)
declare_dialect(linalg LinalgOps.td
  SOURCES_GLOB dialects/linalg/*.py GEN_ENUM_BINDINGS)
declare_dialect_extension(linalg _mlirDialectsLinalg DialectLinalg.cpp
  MLIRCAPIIR MLIRCAPILinalg)
declare_dialect_extension(linalg _mlirLinalgPasses LinalgPasses.cpp
  MLIRCAPILinalg)
declare_dialect(math MathOps.td SOURCES dialects/math.py)
declare_dialect(memref MemRefOps.td SOURCES dialects/memref.py)
declare_dialect(ml_program MLProgramOps.td SOURCES dialects/ml_program.py)
declare_dialect(pdl PDLOps.td
  SOURCES dialects/pdl.py _mlir_libs/_mlir/dialects/pdl.pyi)
declare_dialect_extension(pdl _mlirDialectsPDL DialectPDL.cpp
  MLIRCAPIIR MLIRCAPIPDL)
declare_mlir_python_sources(MLIRPythonSources.Dialects.quant
  ADD_TO_PARENT MLIRPythonSources.Dialects
  ROOT_DIR ${package_dir}
  SOURCES dialects/quant.py _mlir_libs/_mlir/dialects/quant.pyi)
declare_dialect_extension(quant _mlirDialectsQuant DialectQuant.cpp
  MLIRCAPIIR MLIRCAPIQuant)
declare_dialect(scf SCFOps.td SOURCES dialects/scf.py)
declare_dialect(shape ShapeOps.td SOURCES dialects/shape.py)
declare_dialect(sparse_tensor SparseTensorOps.td
  SOURCES dialects/sparse_tensor.py
  GEN_ENUM_BINDINGS_TD_FILE dialects/SparseTensorAttrDefs.td)
declare_dialect_extension(sparse_tensor _mlirDialectsSparseTensor
  DialectSparseTensor.cpp MLIRCAPIIR MLIRCAPISparseTensor)
declare_dialect_extension(sparse_tensor _mlirSparseTensorPasses
  SparseTensorPasses.cpp MLIRCAPISparseTensor)
declare_dialect(tensor TensorOps.td SOURCES dialects/tensor.py)
declare_dialect(tosa TosaOps.td SOURCES dialects/tosa.py)
declare_dialect(ub UBOps.td SOURCES dialects/ub.py)
declare_dialect(vector VectorOps.td
  SOURCES dialects/vector.py
  GEN_ENUM_BINDINGS_TD_FILE dialects/VectorAttributes.td)
