package dev.tiphys.cel;

import java.util.List;
import java.util.function.Function;

/// A form that texts can have, which expressions know as `format.NAME()`.
///
/// @param regexSize how long a regular expression for it would be, which tells its cost
/// @param problems what keeps a text from having the form; empty if nothing does
public record NamedFormat(String name, long regexSize, Function<String, List<String>> problems) {}
