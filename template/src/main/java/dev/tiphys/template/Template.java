package dev.tiphys.template;

import dev.tiphys.template.exec.Data;
import dev.tiphys.template.exec.Executor;
import dev.tiphys.template.parse.Parsed;
import dev.tiphys.template.parse.Parser;
import dev.tiphys.template.value.Utf8;
import org.jspecify.annotations.Nullable;

/// A parsed text template, as Go's package `text/template` has them.
///
/// Data is made of maps with texts as keys, lists, [String], [Integer] (an `int` of Go's), [Long]
/// (an `int64`), [Double], [java.math.BigDecimal] (a `float64`), [Boolean], `byte[]`, null, the
/// trees of module `object`, and [Strings]. It is not changed.
///
/// Threads: any; immutable.
public final class Template {

  private final Parsed parsed;
  private final Functions functions;
  private final MissingKey missing;
  private final Limits limits;

  private Template(Parsed parsed, Functions functions, MissingKey missing, Limits limits) {
    this.parsed = parsed;
    this.functions = functions;
    this.missing = missing;
    this.limits = limits;
  }

  /// @throws TemplateException if `text` is no template, or calls a function that is not there
  public static Template parse(String name, String text, Functions functions) {
    return parse(name, text, Delimiters.BRACES, functions);
  }

  /// @throws TemplateException if `text` is no template, or calls a function that is not there
  public static Template parse(
      String name, String text, Delimiters delimiters, Functions functions) {
    Parsed parsed = Parser.parse(name, text, delimiters, functions.all()::containsKey);
    return new Template(parsed, functions, MissingKey.DEFAULT, Limits.USUAL);
  }

  /// This template, with another answer to keys that are missing. [MissingKey#DEFAULT] otherwise.
  public Template missingKey(MissingKey other) {
    return new Template(parsed, functions, other, limits);
  }

  /// This template, within other limits. [Limits#USUAL] otherwise.
  public Template limits(Limits other) {
    return new Template(parsed, functions, missing, other);
  }

  /// The text that the template makes of some data; bytes that are no UTF-8 are replaced.
  ///
  /// @throws TemplateException if it fails, or takes more than it may
  public String execute(@Nullable Object data) {
    return Utf8.characters(run(data));
  }

  /// What the template makes of some data, which may be any bytes.
  ///
  /// @throws TemplateException if it fails, or takes more than it may
  public byte[] bytes(@Nullable Object data) {
    return Utf8.bytes(run(data));
  }

  private String run(@Nullable Object data) {
    Object values =
        data instanceof Strings strings ? Data.texts(strings.values()) : Data.value(data);
    return Executor.execute(parsed, functions.all(), missing, limits, values);
  }
}
