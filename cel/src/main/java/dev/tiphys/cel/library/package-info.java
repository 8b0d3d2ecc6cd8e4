/// The functions that expressions can call, a class for each library.
package dev.tiphys.cel.library;
