package dev.tiphys.template;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A parsed text template, as Go's package `text/template` has them.
///
/// Data is made of maps with texts as keys, lists, [String], [Integer] (an `int` of Go's), [Long]
/// (an `int64`), [Double], [java.math.BigDecimal] (a `float64`), [Boolean], `byte[]`, null, the
/// trees of module `object`, and [Strings]. It is not changed.
///
/// Threads: any; immutable.
public final class Template {

  private Template() {}

  /// @throws TemplateException if `text` is no template, or calls a function that is not there
  public static Template parse(String name, String text, Functions functions) {
    return parse(name, text, Delimiters.BRACES, functions);
  }

  /// @throws TemplateException if `text` is no template, or calls a function that is not there
  public static Template parse(
      String name, String text, Delimiters delimiters, Functions functions) {
    throw new TemplateException("template: " + name + ":1: not yet built");
  }

  /// This template, with another answer to keys that are missing. [MissingKey#DEFAULT] otherwise.
  public Template missingKey(MissingKey missing) {
    return this;
  }

  /// This template, within other limits. [Limits#USUAL] otherwise.
  public Template limits(Limits limits) {
    return this;
  }

  /// The text that the template makes of some data; bytes that are no UTF-8 are replaced.
  ///
  /// @throws TemplateException if it fails, or takes more than it may
  public String execute(@Nullable Object data) {
    return new String(bytes(data), StandardCharsets.UTF_8);
  }

  /// What the template makes of some data, which may be any bytes.
  ///
  /// @throws TemplateException if it fails, or takes more than it may
  public byte[] bytes(@Nullable Object data) {
    throw new TemplateException("not yet built");
  }
}
