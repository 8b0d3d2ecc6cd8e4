package dev.tiphys.template.sprig;

import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.template.function.Function;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Paths with slashes. Those of the system have slashes, too.
final class Paths {

  private Paths() {}

  static List<Function> functions() {
    List<Function> all = new ArrayList<>();
    both(all, "base", "osBase", Paths::base);
    both(all, "dir", "osDir", Paths::directory);
    both(all, "clean", "osClean", Paths::clean);
    both(all, "ext", "osExt", Paths::extension);
    all.add(Function.of("isAbs", call -> call.text(0).startsWith("/"), STRING));
    all.add(Function.of("osIsAbs", call -> call.text(0).startsWith("/"), STRING));
    return all;
  }

  private static void both(
      List<Function> all, String name, String system, UnaryOperator<String> body) {
    all.add(Function.of(name, call -> body.apply(call.text(0)), STRING));
    all.add(Function.of(system, call -> body.apply(call.text(0)), STRING));
  }

  private static String base(String path) {
    if (path.isEmpty()) {
      return ".";
    }
    String trimmed = path.replaceFirst("/+$", "");
    return trimmed.isEmpty() ? "/" : trimmed.substring(trimmed.lastIndexOf('/') + 1);
  }

  private static String directory(String path) {
    return clean(path.substring(0, path.lastIndexOf('/') + 1));
  }

  private static String extension(String path) {
    int dot = path.lastIndexOf('.');
    return dot < 0 || path.indexOf('/', dot) >= 0 ? "" : path.substring(dot);
  }

  private static String clean(String path) {
    boolean rooted = path.startsWith("/");
    List<String> kept = new ArrayList<>();
    for (String part : path.split("/")) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (!part.equals("..")) {
        kept.add(part);
      } else if (!kept.isEmpty() && !kept.getLast().equals("..")) {
        kept.removeLast();
      } else if (!rooted) {
        kept.add(part);
      }
    }
    String cleaned = (rooted ? "/" : "") + String.join("/", kept);
    return cleaned.isEmpty() ? "." : cleaned;
  }
}
