# What `cmake --install` gives others to build upon, and the package by which they
# find it, installed or as it is built. Components are, as MLIR's: a library or
# tool by its name, `pfmlir-headers`, `pfmlir-targets` (accelerators) and
# `pfmlir-cmake-exports`.
include(CMakePackageConfigHelpers)

# Where the package is, in the installed tree and in the build tree.
set(PFMLIR_PACKAGE_DIR lib${LLVM_LIBDIR_SUFFIX}/cmake/pfmlir)
set(PFMLIR_TARGETS_INSTALL_DIR ${CMAKE_INSTALL_DATADIR}/pfmlir/targets)

# Who links `target` finds our headers.
function(target_public_headers target)
  target_include_directories(${target} INTERFACE
    "$<BUILD_INTERFACE:${PFMLIR_INCLUDE_DIRS}>"
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
endfunction()

# Installs a tool or a plugin, and exports it with the libraries.
function(install_pfmlir_target target)
  # libMLIR may be where no loader looks by itself.
  set_target_properties(${target} PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
  install(TARGETS ${target}
    COMPONENT ${target}
    EXPORT MLIRTargets
    LIBRARY DESTINATION lib${LLVM_LIBDIR_SUFFIX}
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# Writes PFMLIRConfig.cmake to `file`, for a tree that has it in `package_dir`.
function(_write_package_config file package_dir include_dirs targets_dir)
  set(PFMLIR_CONFIG_INCLUDE_DIRS ${include_dirs})
  set(PFMLIR_CONFIG_TARGETS_DIR ${targets_dir})
  configure_package_config_file(
    ${PROJECT_SOURCE_DIR}/cmake/PFMLIRConfig.cmake.in ${file}
    INSTALL_DESTINATION ${package_dir}
    NO_CHECK_REQUIRED_COMPONENTS_MACRO)
endfunction()

# After all libraries and tools: add_mlir_library has put them, as it does MLIR's
# own, in the export set MLIRTargets.
function(install_pfmlir_package)
  foreach(directory ${PFMLIR_INCLUDE_DIRS})
    install(DIRECTORY ${directory}/
      DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
      COMPONENT pfmlir-headers
      FILES_MATCHING PATTERN "*.h" PATTERN "*.inc" PATTERN "*.td"
      PATTERN CMakeFiles EXCLUDE)
  endforeach()

  set(build_dir ${PROJECT_BINARY_DIR}/${PFMLIR_PACKAGE_DIR})
  _write_package_config(${build_dir}/PFMLIRConfig.cmake ${build_dir}
    "${PFMLIR_INCLUDE_DIRS}" ${PROJECT_SOURCE_DIR}/passes/targets)
  export(EXPORT MLIRTargets FILE ${build_dir}/PFMLIRTargets.cmake)
  # Until 1.0, a minor version may break what others build.
  write_basic_package_version_file(${build_dir}/PFMLIRConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)

  set(install_dir ${PROJECT_BINARY_DIR}/cmake)
  _write_package_config(${install_dir}/PFMLIRConfig.cmake ${PFMLIR_PACKAGE_DIR}
    "\${PACKAGE_PREFIX_DIR}/${CMAKE_INSTALL_INCLUDEDIR}"
    "\${PACKAGE_PREFIX_DIR}/${PFMLIR_TARGETS_INSTALL_DIR}")
  install(
    FILES ${install_dir}/PFMLIRConfig.cmake
          ${build_dir}/PFMLIRConfigVersion.cmake
    DESTINATION ${PFMLIR_PACKAGE_DIR}
    COMPONENT pfmlir-cmake-exports)
  install(EXPORT MLIRTargets
    FILE PFMLIRTargets.cmake
    DESTINATION ${PFMLIR_PACKAGE_DIR}
    COMPONENT pfmlir-cmake-exports)
endfunction()
