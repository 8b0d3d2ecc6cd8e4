/// Expressions at work: steps that compute values, and the values themselves.
package dev.tiphys.cel.eval;
