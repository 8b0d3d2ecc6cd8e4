package dev.tiphys.schema.validation;

/// The form of a kind's names.
///
/// @param name the form of a name
/// @param prefix the form of what a name can be generated from
public record NameForm(Format name, Format prefix) {

  public static final NameForm SUBDOMAIN = of(Formats::dnsSubdomain);
  public static final NameForm LABEL = of(Formats::dnsLabel);
  public static final NameForm ADDRESS = of(AddressRules::canonicalForm);

  /// Whatever fits into a path: the least that is asked of any name.
  public static final NameForm PATH_SEGMENT =
      new NameForm(Formats::pathSegment, Formats::pathSegmentPrefix);

  /// A dash at the end of a prefix is fine, since something will follow it.
  public static NameForm of(Format name) {
    return new NameForm(name, prefix -> name.problems(withoutLastDash(prefix)));
  }

  private static String withoutLastDash(String prefix) {
    return prefix.length() > 1 && prefix.endsWith("-")
        ? prefix.substring(0, prefix.length() - 2) + "a"
        : prefix;
  }
}
