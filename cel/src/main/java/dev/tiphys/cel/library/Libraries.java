package dev.tiphys.cel.library;

import dev.tiphys.cel.Functions;
import dev.tiphys.cel.NamedFormat;
import java.util.List;

/// All functions of Kubernetes' environment.
public final class Libraries {

  private Libraries() {}

  /// A semantic version, as `semver` reads it.
  public static Object version(String text) {
    return Semvers.parse(text);
  }

  /// @param formats those that `format` knows by name
  public static Functions all(List<NamedFormat> formats) {
    return Standard.functions()
        .addAll(Times.functions())
        .addAll(Strings.functions())
        .addAll(Regexes.functions())
        .addAll(Lists.functions())
        .addAll(Sets.functions())
        .addAll(Optionals.functions())
        .addAll(Urls.functions())
        .addAll(Quantities.functions())
        .addAll(Addresses.functions())
        .addAll(Semvers.functions())
        .addAll(Formats.functions(formats));
  }
}
