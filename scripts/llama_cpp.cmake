# Read by CMake when pip compiles llama-cpp-python (CMAKE_ARGS in the Makefile): leaves out llama.cpp's common library,
# which its programs use and its Python API does not, and which is half of the work. The package switches it on in
# CMake's cache; a plain variable comes before the cache (CMake's policy CMP0126).
set(LLAMA_BUILD_COMMON OFF)
