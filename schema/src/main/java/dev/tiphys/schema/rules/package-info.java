/// Which kind has which rules, and what is asked of them: what is wrong with an object, or with the
/// options of a request.
package dev.tiphys.schema.rules;
