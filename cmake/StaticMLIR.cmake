# Linking MLIR's archives. Debian's packages have MLIR as archives, which name the
# shared libLLVM among what they need, and not as the objects that
# `add_mlir_python_common_capi_library` collects.

# Appends to `output_var` the library targets that these link, and these.
function(_collect_libraries output_var)
  set(collected ${${output_var}})
  foreach(library ${ARGN})
    if(NOT TARGET ${library} OR ${library} IN_LIST collected)
      continue()
    endif()
    list(APPEND collected ${library})
    get_target_property(links ${library} INTERFACE_LINK_LIBRARIES)
    if(links)
      _collect_libraries(collected ${links})
    endif()
  endforeach()
  set(${output_var} ${collected} PARENT_SCOPE)
endfunction()

# Links to `target` the archives `WHOLE` whole, and of `NEEDED` and of all that
# both link what is needed: MLIR's and LLVM's archives in place of their shared
# libraries, so that no package of LLVM's needs to be there to run it.
function(target_link_static_mlir target)
  cmake_parse_arguments(ARG "" "" "WHOLE;NEEDED" ${ARGN})
  set(needed "")
  _collect_libraries(needed ${ARG_WHOLE} ${ARG_NEEDED})
  list(REMOVE_ITEM needed LLVM MLIR ${ARG_WHOLE})
  foreach(library ${LLVM_AVAILABLE_LIBS})
    # Not Polly's, which are not always installed.
    if(TARGET ${library} AND library MATCHES "^LLVM")
      list(APPEND needed ${library})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES needed)

  set(archives "")
  foreach(library ${needed})
    get_target_property(type ${library} TYPE)
    if(type STREQUAL STATIC_LIBRARY)
      list(APPEND archives $<TARGET_FILE:${library}>)
    endif()
  endforeach()
  list(TRANSFORM ARG_WHOLE REPLACE "(.+)" "$<TARGET_FILE:\\1>"
    OUTPUT_VARIABLE whole)
  add_dependencies(${target} ${ARG_WHOLE} ${needed})
  target_link_options(${target} PRIVATE LINKER:--gc-sections)
  if(whole)
    target_link_libraries(${target} PRIVATE
      -Wl,--whole-archive ${whole} -Wl,--no-whole-archive)
  endif()
  # What compresses LLVM's files, where it was built with that.
  set(compression "")
  if(LLVM_ENABLE_ZSTD)
    list(APPEND compression -lzstd)
  endif()
  if(LLVM_ENABLE_ZLIB)
    list(APPEND compression -lz)
  endif()
  target_link_libraries(${target} PRIVATE
    -Wl,--start-group ${archives} -Wl,--end-group
    -Wl,-Bstatic ${compression} -Wl,-Bdynamic Threads::Threads ${CMAKE_DL_LIBS})
endfunction()

# Adds the shared library that all extensions of DECLARED_SOURCES link: their
# EMBED_CAPI_LINK_LIBS whole, and of NEEDED and all else what is needed. It exports
# the C API alone, so that nothing in it meets another MLIR of the same process.
function(add_static_capi_library name)
  cmake_parse_arguments(ARG "" "OUTPUT_DIRECTORY" "DECLARED_SOURCES;NEEDED" ${ARGN})
  _flatten_mlir_python_targets(targets ${ARG_DECLARED_SOURCES})
  set(embedded "")
  foreach(target ${targets})
    get_target_property(libraries ${target} mlir_python_EMBED_CAPI_LINK_LIBS)
    if(libraries)
      list(APPEND embedded ${libraries})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES embedded)

  set(exports ${CMAKE_CURRENT_BINARY_DIR}/${name}.exports)
  file(WRITE ${exports} "{ global: mlir*; pfmlir*; local: *; };\n")
  file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp "")
  add_library(${name} SHARED ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  target_link_options(${name} PRIVATE
    LINKER:--version-script=${exports} LINKER:-z,defs)
  target_link_static_mlir(${name} WHOLE ${embedded} NEEDED ${ARG_NEEDED})
  set_target_properties(${name} PROPERTIES
    LINK_DEPENDS "${exports}"
    LIBRARY_OUTPUT_DIRECTORY ${ARG_OUTPUT_DIRECTORY})
  mlir_python_setup_extension_rpath(${name})
endfunction()
