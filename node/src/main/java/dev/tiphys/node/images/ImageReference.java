package dev.tiphys.node.images;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The name of an image, in full.
///
/// The short names that people write are completed as all of Kubernetes does: without a domain the
/// image is at `docker.io`, without a path there it is in `library`.
///
/// @param domain the registry, as `docker.io` or `localhost:5000`
/// @param path the repository there, as `library/nginx`
/// @param tag null if none is given
/// @param digest as `sha256:…`; null if none is given
public record ImageReference(
    String domain, String path, @Nullable String tag, @Nullable String digest) {

  private static final String DEFAULT_DOMAIN = "docker.io";
  private static final String OLD_DEFAULT_DOMAIN = "index.docker.io";
  private static final String DEFAULT_TAG = "latest";
  private static final int LONGEST_NAME = 255;

  private static final String DOMAIN_PART = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
  private static final String HOST =
      "(?:" + DOMAIN_PART + "(?:\\." + DOMAIN_PART + ")*|\\[[a-fA-F0-9:]+\\])";
  private static final String PATH_PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?<domain>"
              + HOST
              + "(?::[0-9]+)?)/(?<path>"
              + PATH_PART
              + "(?:/"
              + PATH_PART
              + ")*)"
              + "(?::(?<tag>\\w[\\w.-]{0,127}))?"
              + "(?:@(?<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*"
              + ":[0-9a-fA-F]{32,}))?");
  private static final Pattern ONLY_AN_ID = Pattern.compile("[a-f0-9]{64}");

  /// Reads and completes a name.
  ///
  /// @throws InvalidReferenceException if it is none
  public static ImageReference parse(String text) {
    if (ONLY_AN_ID.matcher(text).matches()) {
      throw new InvalidReferenceException(
          "invalid repository name (%s), cannot specify 64-byte hexadecimal strings"
              .formatted(text));
    }
    String full = complete(text);
    Matcher matcher = REFERENCE.matcher(full);
    if (!matcher.matches()) {
      throw new InvalidReferenceException(complaint(text, full));
    }
    ImageReference reference =
        new ImageReference(
            matcher.group("domain"),
            matcher.group("path"),
            matcher.group("tag"),
            matcher.group("digest"));
    if (reference.name().length() > LONGEST_NAME) {
      throw new InvalidReferenceException("repository name must not be more than 255 characters");
    }
    return reference;
  }

  /// The name without tag and digest: `docker.io/library/nginx`.
  public String name() {
    return domain + "/" + path;
  }

  /// Whether neither tag nor digest says which image of this name is meant.
  public boolean bare() {
    return tag == null && digest == null;
  }

  /// The same with the tag `latest`, if it is [#bare].
  public ImageReference withDefaultTag() {
    return bare() ? new ImageReference(domain, path, DEFAULT_TAG, null) : this;
  }

  /// The whole name: `docker.io/library/nginx:1.24`.
  @Override
  public String toString() {
    return name() + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
  }

  private static String complete(String text) {
    int slash = text.indexOf('/');
    String first = slash < 0 ? "" : text.substring(0, slash);
    boolean hasDomain =
        first.contains(".")
            || first.contains(":")
            || first.equals("localhost")
            || !first.equals(first.toLowerCase(Locale.ROOT));
    String domain = hasDomain ? first : DEFAULT_DOMAIN;
    String rest = hasDomain ? text.substring(slash + 1) : text;
    if (domain.equals(OLD_DEFAULT_DOMAIN)) {
      domain = DEFAULT_DOMAIN;
    }
    if (domain.equals(DEFAULT_DOMAIN) && rest.indexOf('/') < 0) {
      rest = "library/" + rest;
    }
    return domain + "/" + rest;
  }

  private static String complaint(String text, String full) {
    if (!text.isEmpty() && REFERENCE.matcher(full.toLowerCase(Locale.ROOT)).matches()) {
      return "invalid reference format: repository name must be lowercase";
    }
    return "invalid reference format";
  }
}
