package dev.tiphys.schema.validation;

import java.util.ArrayList;
import java.util.List;

/// The forms of names and other texts that many kinds share.
///
/// Each is checked character by character; only a text that fails is described, in upstream's
/// words, with the regular expression that it did not match.
public final class Formats {

  private static final List<String> FINE = List.of();
  private static final int LABEL = 63;
  private static final int SUBDOMAIN = 253;

  private static final String LABEL_RE = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String SUBDOMAIN_RE = LABEL_RE + "(\\." + LABEL_RE + ")*";
  private static final String LOOSE_LABEL_RE = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
  private static final String NAME_RE = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

  private static final String LABEL_TEXT =
      regex(
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
              + " must start and end with an alphanumeric character",
          LABEL_RE,
          "my-name",
          "123-abc");
  private static final String SUBDOMAIN_TEXT =
      regex(
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
              + " '.', and must start and end with an alphanumeric character",
          SUBDOMAIN_RE,
          "example.com");
  private static final String LOOSE_SUBDOMAIN_TEXT =
      regex(
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_',"
              + " '-' or '.', and must start and end with an alphanumeric character",
          LOOSE_LABEL_RE + "(\\." + LOOSE_LABEL_RE + ")*",
          "example.com");
  private static final String DNS_1035_TEXT =
      regex(
          "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
              + " alphabetic character, and end with an alphanumeric character",
          "[a-z]([-a-z0-9]*[a-z0-9])?",
          "my-name",
          "abc-123");
  private static final String WILDCARD_TEXT =
      regex(
          "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain,"
              + " which must consist of lower case alphanumeric characters, '-' or '.' and end with"
              + " an alphanumeric character",
          "\\*\\." + SUBDOMAIN_RE,
          "*.example.com");
  private static final String NAME_PART_TEXT =
      regex(
          "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
              + " alphanumeric character",
          NAME_RE,
          "MyName",
          "my.name",
          "123-abc");
  private static final String LABEL_VALUE_TEXT =
      regex(
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or"
              + " '.', and must start and end with an alphanumeric character",
          "(" + NAME_RE + ")?",
          "MyValue",
          "my_value",
          "12345");
  private static final String CONFIG_KEY_TEXT =
      regex(
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
          "[-._a-zA-Z0-9]+",
          "key.name",
          "KEY_NAME",
          "key-name");
  private static final String HEADER_TEXT =
      regex(
          "a valid HTTP header must consist of alphanumeric characters or '-'",
          "[-A-Za-z0-9]+",
          "X-Header-Name");
  private static final String PERCENT_TEXT =
      regex(
          "a valid percent string must be a numeric string followed by an ending '%'",
          "[0-9]+%", "1%", "93%");
  private static final String IDENTIFIER_TEXT =
      regex(
          "a valid C identifier must start with alphabetic character or '_', followed by a string of"
              + " alphanumeric characters or '_'",
          "[A-Za-z_][A-Za-z0-9_]*",
          "my_name",
          "MY_NAME",
          "MyName");

  private Formats() {}

  /// One part of a host name, such as the name of a namespace.
  public static List<String> dnsLabel(String text) {
    if (text.length() <= LABEL && Characters.isLabel(text)) {
      return FINE;
    }
    List<String> problems = tooLong(text, LABEL);
    if (!Characters.isLabel(text)) {
      problems.add(Characters.isSubdomain(text) ? "must not contain dots" : LABEL_TEXT);
    }
    return problems;
  }

  /// A host name: parts joined by dots. The form of most objects' names.
  public static List<String> dnsSubdomain(String text) {
    if (text.length() <= SUBDOMAIN && Characters.isSubdomain(text)) {
      return FINE;
    }
    List<String> problems = tooLong(text, SUBDOMAIN);
    if (!Characters.isSubdomain(text)) {
      problems.add(SUBDOMAIN_TEXT);
    }
    return problems;
  }

  /// A host name in which underscores are tolerated, as search lists have them.
  public static List<String> looseSubdomain(String text) {
    List<String> problems = tooLong(text, SUBDOMAIN);
    if (!Characters.isLooseSubdomain(text)) {
      problems.add(LOOSE_SUBDOMAIN_TEXT);
    }
    return problems;
  }

  /// One part of a host name that starts with a letter.
  public static List<String> dns1035Label(String text) {
    boolean matches = Characters.isLabel(text) && Characters.isLower(text.charAt(0));
    if (matches && text.length() <= LABEL) {
      return FINE;
    }
    List<String> problems = tooLong(text, LABEL);
    if (!matches) {
      problems.add(DNS_1035_TEXT);
    }
    return problems;
  }

  /// `*.` and a host name.
  public static List<String> wildcardSubdomain(String text) {
    List<String> problems = tooLong(text, SUBDOMAIN);
    if (!text.startsWith("*.") || !Characters.isSubdomain(text.substring(2))) {
      problems.add(WILDCARD_TEXT);
    }
    return problems;
  }

  /// The key of a label: a name, and before it perhaps a host name and a slash.
  public static List<String> labelKey(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 && text.length() <= LABEL && Characters.isName(text)) {
      return FINE;
    }
    if (slash != text.lastIndexOf('/')) {
      return List.of(
          "a valid label key "
              + NAME_PART_TEXT
              + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
    }
    List<String> problems = new ArrayList<>(0);
    if (slash == 0) {
      problems.add("prefix part must be non-empty");
    } else if (slash > 0) {
      dnsSubdomain(text.substring(0, slash)).forEach(p -> problems.add("prefix part " + p));
    }
    String name = text.substring(slash + 1);
    if (name.isEmpty()) {
      problems.add("name part must be non-empty");
    } else if (byteLength(name) > LABEL) {
      problems.add("name part must be no more than 63 bytes");
    }
    if (!Characters.isName(name)) {
      problems.add("name part " + NAME_PART_TEXT);
    }
    return problems;
  }

  public static List<String> labelValue(String text) {
    boolean matches = text.isEmpty() || Characters.isName(text);
    if (matches && text.length() <= LABEL) {
      return FINE;
    }
    List<String> problems = new ArrayList<>();
    if (byteLength(text) > LABEL) {
      problems.add("must be no more than 63 bytes");
    }
    if (!matches) {
      problems.add(LABEL_VALUE_TEXT);
    }
    return problems;
  }

  /// What can stand between two slashes of a path.
  public static List<String> pathSegment(String text) {
    if (text.equals(".") || text.equals("..")) {
      return List.of("may not be '" + text + "'");
    }
    return pathSegmentPrefix(text);
  }

  /// The beginning of what can stand between two slashes of a path.
  public static List<String> pathSegmentPrefix(String text) {
    boolean slash = text.indexOf('/') >= 0;
    boolean percent = text.indexOf('%') >= 0;
    if (!slash && !percent) {
      return FINE;
    }
    List<String> problems = new ArrayList<>();
    if (slash) {
      problems.add("may not contain '/'");
    }
    if (percent) {
      problems.add("may not contain '%'");
    }
    return problems;
  }

  /// The name of a port (RFC 6335).
  public static List<String> portName(String text) {
    List<String> problems = tooLong(text, 15);
    if (!Characters.all(text, c -> Characters.isLowerOrDigit(c) || c == '-')) {
      problems.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if (text.chars().noneMatch(Characters::isLower)) {
      problems.add("must contain at least one letter (a-z)");
    }
    if (text.contains("--")) {
      problems.add("must not contain consecutive hyphens");
    }
    if (text.startsWith("-") || text.endsWith("-")) {
      problems.add("must not begin or end with a hyphen");
    }
    return problems;
  }

  /// The key of an entry in a ConfigMap or Secret, which can become a file.
  public static List<String> configKey(String text) {
    List<String> problems = tooLong(text, SUBDOMAIN);
    if (!Characters.all(text, Characters::isNameCharacter)) {
      problems.add(CONFIG_KEY_TEXT);
    }
    if (text.equals(".") || text.equals("..")) {
      problems.add("must not be '" + text + "'");
    } else if (text.startsWith("..")) {
      problems.add("must not start with '..'");
    }
    return problems;
  }

  public static List<String> environmentName(String text) {
    if (text.isEmpty()) {
      return List.of("environment variable name must be non-empty");
    }
    return Characters.all(text, c -> c >= ' ' && c < 0x7f && c != '=')
        ? FINE
        : List.of(
            "a valid environment variable name must consist only of printable ASCII characters other"
                + " than '='");
  }

  public static List<String> headerName(String text) {
    return Characters.all(text, c -> Characters.isAlphanumeric(c) || c == '-')
        ? FINE
        : List.of(HEADER_TEXT);
  }

  public static List<String> percent(String text) {
    return Characters.isPercent(text) ? FINE : List.of(PERCENT_TEXT);
  }

  public static List<String> identifier(String text) {
    return Characters.isIdentifier(text) ? FINE : List.of(IDENTIFIER_TEXT);
  }

  /// A form whose problems are told in one message.
  public static Format joined(Format format) {
    return text -> {
      List<String> problems = format.problems(text);
      return problems.isEmpty() ? problems : List.of(String.join(",", problems));
    };
  }

  /// What a message says of a text that does not match an expression.
  public static String regex(String text, String expression, String... examples) {
    StringBuilder message = new StringBuilder(text).append(" (");
    for (int i = 0; i < examples.length; i++) {
      message.append(i == 0 ? "e.g. '" : " or '").append(examples[i]).append("', ");
    }
    return message
        .append("regex used for validation is '")
        .append(expression)
        .append("')")
        .toString();
  }

  /// How long a text is in UTF-8.
  public static int byteLength(String text) {
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return bytes;
  }

  private static List<String> tooLong(String text, int most) {
    List<String> problems = new ArrayList<>(0);
    if (text.length() > most && byteLength(text) > most) {
      problems.add("must be no more than " + most + " characters");
    }
    return problems;
  }
}
