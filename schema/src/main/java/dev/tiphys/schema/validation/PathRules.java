package dev.tiphys.schema.validation;

import java.util.List;

/// Rules for paths, most of them of files.
public final class PathRules {

  private static final int ALL_PERMISSIONS = 0777;

  private static final String URL_PATH = "Invalid path";
  private static final String URL_PATH_RE = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

  private PathRules() {}

  /// A path below the name of a domain: `example.com/path`.
  public static void ofDomain(FieldValue value) {
    if (!value.mustBeSet()) {
      return;
    }
    String text = value.string();
    int slash = text.indexOf('/');
    if (slash <= 0 || slash == text.length() - 1) {
      value.invalid("must be a domain-prefixed path (such as \"acme.io/foo\")");
      return;
    }
    value.holding(text.substring(0, slash)).mustBe(Formats::dnsSubdomain);
    String path = text.substring(slash + 1);
    if (!Characters.all(path, PathRules::isOfUrlPath)) {
      value.invalid(path, Formats.regex(URL_PATH, URL_PATH_RE));
    }
  }

  private static boolean isOfUrlPath(int c) {
    return Characters.isAlphanumeric(c) || "/-._~%!$&'()*+,;=:".indexOf(c) >= 0;
  }

  public static boolean hasBacksteps(String path) {
    return path.contains("..") && List.of(path.split("/", -1)).contains("..");
  }

  /// Never leads upwards.
  public static void noBacksteps(FieldValue path) {
    if (hasBacksteps(path.string())) {
      path.invalid("must not contain '..'");
    }
  }

  /// Leads into the directory it starts from.
  public static void relative(FieldValue path) {
    if (path.string().startsWith("/")) {
      path.invalid("must be a relative path");
    }
    noBacksteps(path);
  }

  /// Leads into a volume, past the names that the node keeps for itself there.
  public static void inVolume(FieldValue path) {
    relative(path);
    if (path.string().startsWith("..") && !path.string().startsWith("../")) {
      path.invalid("must not start with '..'");
    }
  }

  /// The permissions of a file, if they are given.
  public static void mode(FieldValue mode) {
    if (mode.isSet() && (mode.integer() < 0 || mode.integer() > ALL_PERMISSIONS)) {
      mode.invalid("must be a number between 0 and 0777 (octal), both inclusive");
    }
  }
}
