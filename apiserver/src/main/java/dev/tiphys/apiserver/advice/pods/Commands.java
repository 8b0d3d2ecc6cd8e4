package dev.tiphys.apiserver.advice.pods;

import dev.tiphys.apiserver.advice.manifest.Place;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Template;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Commands are lists of words which no shell looks at.
public final class Commands {

  private static final Set<String> OPERATORS = Set.of("&&", "||", "|", ">", ">>", "2>&1");

  /// Programs that understand such words.
  private static final Set<String> OWN_OPERATORS = Set.of("expr", "test", "[", "[[", "find", "jq");

  private static final Pattern SLEEP =
      Pattern.compile("\\s*(?:exec\\s+)?sleep\\s+(\\d+)s?\\s*;?\\s*");

  private Commands() {}

  /// Whole lines where the name of a program is wanted, and a shell's operators without a shell.
  public static void lines(Scene scene, Template pods) {
    for (Place container : pods.containers()) {
      look(scene, container, "command");
      for (Place handler : Probes.handlers(container)) {
        if (handler.object().has("exec")) {
          look(scene, handler.at("exec"), "command");
        }
      }
    }
  }

  private static void look(Scene scene, Place place, String field) {
    List<String> words = place.object().strings(field);
    if (words.isEmpty()) {
      return;
    }
    String program = words.getFirst();
    if (isLine(program)) {
      scene.advise(
          place.path(field) + "[0]",
          "\"%s\" is looked for as one program; write each word as an element of its own, or [\"sh\", \"-c\", \"%s\"]"
              .formatted(program, program));
      return;
    }
    if (isShell(program) || OWN_OPERATORS.contains(baseName(program))) {
      return;
    }
    for (int i = 1; i < words.size(); i++) {
      if (OPERATORS.contains(words.get(i))) {
        scene.advise(
            place.path(field) + "[" + i + "]",
            "no shell reads this, so %s is passed to %s as a word; write [\"sh\", \"-c\", \"%s\"]"
                .formatted(words.get(i), program, String.join(" ", words)));
        return;
      }
    }
  }

  /// Whether a text is a program with arguments: names of files hardly contain spaces, and those
  /// that do go on with a path.
  private static boolean isLine(String text) {
    int space = text.indexOf(' ');
    if (space <= 0 || text.indexOf('\n') >= 0) {
      return false;
    }
    return text.charAt(0) != '/' || text.startsWith("-", space + 1);
  }

  private static boolean isShell(String program) {
    String name = baseName(program);
    return name.endsWith("sh") || name.equals("busybox") || name.equals("env");
  }

  private static String baseName(String program) {
    return program.substring(program.lastIndexOf('/') + 1);
  }

  /// For how many seconds a command does nothing but sleep; 0 if it does anything else.
  static long sleep(List<String> words) {
    String line =
        words.size() == 3 && isShell(words.getFirst()) && words.get(1).equals("-c")
            ? words.get(2)
            : words.isEmpty()
                ? ""
                : baseName(words.getFirst())
                    + " "
                    + String.join(" ", words.subList(1, words.size()));
    Matcher matcher = SLEEP.matcher(line);
    return matcher.matches() && matcher.group(1).length() < 10
        ? Long.parseLong(matcher.group(1))
        : 0;
  }
}
