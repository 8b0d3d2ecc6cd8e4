/// From the text of an expression to its tree, macros expanded.
package dev.tiphys.cel.syntax;
