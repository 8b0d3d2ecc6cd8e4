package dev.tiphys.scheduler.config.arguments;

import dev.tiphys.scheduler.config.fields.Problems;
import java.util.regex.Pattern;

/// What may name a label or a resource.
final class LabelNames {

  private static final Pattern PART =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
  private static final Pattern PREFIX =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private LabelNames() {}

  static void check(String name, String path, Problems problems) {
    int slash = name.indexOf('/');
    String part = name.substring(slash + 1);
    if (slash == 0) {
      problems.invalid(path, name, "prefix part must be non-empty");
    } else if (slash > 0 && !PREFIX.matcher(name.substring(0, slash)).matches()) {
      problems.invalid(
          path,
          name,
          "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
              + " characters, '-' or '.', and must start and end with an alphanumeric character"
              + " (e.g. 'example.com', regex used for validation is"
              + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    }
    if (part.isEmpty()) {
      problems.invalid(path, name, "name part must be non-empty");
    }
    if (!PART.matcher(part).matches()) {
      problems.invalid(
          path,
          name,
          "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and"
              + " end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc',"
              + " regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')");
    }
  }
}
