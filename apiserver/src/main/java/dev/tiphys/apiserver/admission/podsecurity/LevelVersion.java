package dev.tiphys.apiserver.admission.podsecurity;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A level as a version of Kubernetes defined it.
///
/// @param level how much is restricted
/// @param minor the version's number after `v1.`; [#LATEST] for whatever is known
public record LevelVersion(Level level, int minor) {

  static final int LATEST = Integer.MAX_VALUE;

  /// The newest version that is known.
  private static final int NEWEST = 36;

  static final LevelVersion PRIVILEGED = new LevelVersion(Level.PRIVILEGED, LATEST);
  static final String PROBLEM = "must be \"latest\" or \"v1.x\"";

  private static final Pattern VERSION = Pattern.compile("v1\\.(0|[1-9][0-9]{0,8})");

  /// @throws IllegalArgumentException if that is no version
  static int parseVersion(String text) {
    if (text.equals("latest")) {
      return LATEST;
    }
    Matcher version = VERSION.matcher(text);
    if (!version.matches()) {
      throw new IllegalArgumentException(PROBLEM);
    }
    return Integer.parseInt(version.group(1));
  }

  LevelVersion withLevel(Level other) {
    return new LevelVersion(other, minor);
  }

  LevelVersion withVersion(int other) {
    return new LevelVersion(level, other);
  }

  boolean isPrivileged() {
    return level == Level.PRIVILEGED;
  }

  /// The version as metrics tell it, which tell those apart that are known.
  String versionLabel() {
    if (isPrivileged() || minor == LATEST) {
      return "latest";
    }
    return minor <= NEWEST ? "v1." + minor : "future";
  }

  /// Whether both restrict the same.
  boolean isEquivalentTo(LevelVersion other) {
    return (isPrivileged() && other.isPrivileged()) || equals(other);
  }

  @Override
  public String toString() {
    return level + ":" + (minor == LATEST ? "latest" : "v1." + minor);
  }
}
