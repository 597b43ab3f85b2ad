# A shared library that carries its MLIR: Debian's packages have MLIR as archives
# and not as the objects that `add_mlir_python_common_capi_library` collects.

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

# Adds the shared library that all extensions of DECLARED_SOURCES link: their
# EMBED_CAPI_LINK_LIBS whole, and of all else what these need. It exports the C
# API alone, so that nothing in it meets another MLIR of the same process.
function(add_static_capi_library name)
  cmake_parse_arguments(ARG "" "OUTPUT_DIRECTORY" "DECLARED_SOURCES" ${ARGN})
  _flatten_mlir_python_targets(targets ${ARG_DECLARED_SOURCES})
  set(embedded "")
  foreach(target ${targets})
    get_target_property(libraries ${target} mlir_python_EMBED_CAPI_LINK_LIBS)
    if(libraries)
      list(APPEND embedded ${libraries})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES embedded)

  set(needed "")
  _collect_libraries(needed ${embedded})
  # In place of the shared libLLVM, its archives.
  list(REMOVE_ITEM needed LLVM MLIR ${embedded})
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
  list(TRANSFORM embedded REPLACE "(.+)" "$<TARGET_FILE:\\1>"
    OUTPUT_VARIABLE whole)

  set(exports ${CMAKE_CURRENT_BINARY_DIR}/${name}.exports)
  file(WRITE ${exports} "{ global: mlir*; pfmlir*; local: *; };\n")
  file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp "")
  add_library(${name} SHARED ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  add_dependencies(${name} ${embedded} ${needed})
  target_link_options(${name} PRIVATE
    LINKER:--version-script=${exports} LINKER:--gc-sections LINKER:-z,defs)
  # As static archives, too, so that no package of LLVM's needs to be there.
  target_link_libraries(${name} PRIVATE
    -Wl,--whole-archive ${whole} -Wl,--no-whole-archive
    -Wl,--start-group ${archives} -Wl,--end-group
    -Wl,-Bstatic -lzstd -lz -Wl,-Bdynamic Threads::Threads ${CMAKE_DL_LIBS})
  set_target_properties(${name} PROPERTIES
    LINK_DEPENDS "${exports}"
    LIBRARY_OUTPUT_DIRECTORY ${ARG_OUTPUT_DIRECTORY})
  mlir_python_setup_extension_rpath(${name})
endfunction()
