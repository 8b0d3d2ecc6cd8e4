package dev.tiphys.apiserver.discovery;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which version of a group comes first: stable ones before beta ones before alpha ones, of each
/// the newest first, and then, in the order of their names, those that are called otherwise. See
/// <https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-priority>.
public final class VersionPriority {

  /// The version that clients should prefer comes first.
  public static final Comparator<String> ORDER =
      Comparator.comparing(VersionPriority::rank).thenComparing(Comparator.naturalOrder());

  private static final Pattern FORM =
      Pattern.compile("v([1-9][0-9]*)(?:(alpha|beta)([1-9][0-9]*))?");

  private static final int OTHER = 3;

  /// What orders a version among those that are called as versions are.
  ///
  /// @param stage 0 for stable, 1 for beta, 2 for alpha, 3 for what is called otherwise
  private record Rank(int stage, long major, long minor) implements Comparable<Rank> {

    private static final Comparator<Rank> ORDER =
        Comparator.comparingInt(Rank::stage)
            .thenComparing(Comparator.comparingLong(Rank::major).reversed())
            .thenComparing(Comparator.comparingLong(Rank::minor).reversed());

    @Override
    public int compareTo(Rank other) {
      return ORDER.compare(this, other);
    }
  }

  private VersionPriority() {}

  private static Rank rank(String version) {
    Matcher form = FORM.matcher(version);
    if (!form.matches()) {
      return new Rank(OTHER, 0, 0);
    }
    String stage = form.group(2);
    long major = number(form.group(1));
    return stage == null
        ? new Rank(0, major, 0)
        : new Rank(stage.equals("beta") ? 1 : 2, major, number(form.group(3)));
  }

  private static long number(String digits) {
    return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
  }
}
