package dev.tiphys.apiserver.advice.pods;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A name in `$(NAME)`, which stands for the value of a variable.
///
/// @param isConstant whether it is spelled as names of variables mostly are, and programs are not:
///   a shell's `$(date)` is no reference
record Reference(String name, boolean isConstant) {

  /// `$$` stands for `$`, so what follows it is no reference.
  private static final Pattern SYNTAX = Pattern.compile("\\$\\$|\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");

  private static final Pattern CONSTANT = Pattern.compile("[A-Z_][A-Z0-9_]*");

  /// What nodes define for each Service.
  private static final Pattern OF_SERVICE =
      Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\\d+_(TCP|UDP|SCTP)(_.*)?)?)");

  /// Those in a text that no node defines by itself.
  static Set<Reference> in(String text) {
    Set<Reference> found = new LinkedHashSet<>();
    Matcher matcher = SYNTAX.matcher(text);
    while (matcher.find()) {
      String name = matcher.group(1);
      if (name != null && !OF_SERVICE.matcher(name).matches()) {
        found.add(new Reference(name, CONSTANT.matcher(name).matches()));
      }
    }
    return found;
  }

  @Override
  public String toString() {
    return "$(" + name + ")";
  }
}
