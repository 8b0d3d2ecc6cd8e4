package dev.tiphys.schema.validation;

import java.util.List;

/// Rules for paths of files.
final class PathRules {

  private static final int ALL_PERMISSIONS = 0777;

  private PathRules() {}

  static boolean hasBacksteps(String path) {
    return path.contains("..") && List.of(path.split("/", -1)).contains("..");
  }

  /// Never leads upwards.
  static void noBacksteps(Place path) {
    if (hasBacksteps(path.string())) {
      path.invalid("must not contain '..'");
    }
  }

  /// Leads into the directory it starts from.
  static void relative(Place path) {
    if (path.string().startsWith("/")) {
      path.invalid("must be a relative path");
    }
    noBacksteps(path);
  }

  /// Leads into a volume, past the names that the node keeps for itself there.
  static void inVolume(Place path) {
    relative(path);
    if (path.string().startsWith("..") && !path.string().startsWith("../")) {
      path.invalid("must not start with '..'");
    }
  }

  /// The permissions of a file, if they are given.
  static void mode(Place mode) {
    if (mode.isSet() && (mode.integer() < 0 || mode.integer() > ALL_PERMISSIONS)) {
      mode.invalid("must be a number between 0 and 0777 (octal), both inclusive");
    }
  }
}
