package dev.tiphys.schema.defaults;

import java.util.regex.Pattern;

/// What an image reference says about how often to pull it. The grammar is that of the
/// [distribution project](https://github.com/distribution/reference).
final class ImageReference {

  private static final String ALPHANUMERIC = "[a-z0-9]+";
  private static final String PATH_PART = ALPHANUMERIC + "(?:(?:[._]|__|-+)" + ALPHANUMERIC + ")*";
  private static final String HOST_PART = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
  private static final Pattern PATH = Pattern.compile(PATH_PART + "(?:/" + PATH_PART + ")*");
  private static final Pattern HOST =
      Pattern.compile(
          "(?:" + HOST_PART + "(?:\\." + HOST_PART + ")*|\\[[A-Fa-f0-9:]+])(?::[0-9]+)?");
  private static final Pattern DIGEST =
      Pattern.compile("[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,}");
  private static final Pattern BARE_DIGEST = Pattern.compile("[a-f0-9]{64}");

  private ImageReference() {}

  /// `Always` if the reference means the tag `latest`, by name or by naming neither tag nor digest;
  /// else, and for what is no reference, `IfNotPresent`.
  static String pullPolicy(String reference) {
    return meansLatest(reference) ? "Always" : "IfNotPresent";
  }

  private static boolean meansLatest(String reference) {
    int at = reference.indexOf('@');
    String tagged = at < 0 ? reference : reference.substring(0, at);
    int colon = tagged.lastIndexOf(':');
    boolean hasTag = colon > tagged.lastIndexOf('/');
    if (hasTag ? !tagged.substring(colon + 1).equals("latest") : at >= 0) {
      return false;
    }
    return isName(hasTag ? tagged.substring(0, colon) : tagged)
        && (at < 0 || DIGEST.matcher(reference.substring(at + 1)).matches());
  }

  private static boolean isName(String name) {
    if (BARE_DIGEST.matcher(name).matches()) {
      return false;
    }
    int slash = name.indexOf('/');
    if (slash < 0 || !isHost(name.substring(0, slash))) {
      return PATH.matcher(name).matches();
    }
    return HOST.matcher(name.substring(0, slash)).matches()
        && PATH.matcher(name.substring(slash + 1)).matches();
  }

  /// Whether the part before the first slash is a registry rather than a part of the path.
  private static boolean isHost(String part) {
    return part.indexOf('.') >= 0
        || part.indexOf(':') >= 0
        || part.equals("localhost")
        || !part.chars().allMatch(c -> c < 'A' || c > 'Z');
  }
}
