package dev.tiphys.cli.why;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// What is said about an ExternalSecret, as text.
final class ExternalSecretAnswer {

  private ExternalSecretAnswer() {}

  /// @param answer as JSON has it
  static List<String> lines(Struct answer) {
    List<String> lines = new ArrayList<>();
    lines.add(head(answer));
    for (Struct store : answer.structs("stores")) {
      lines.add("  " + store(store));
    }
    List<Struct> keys = answer.structs("keys");
    int width = keys.stream().mapToInt(key -> key.string("key").length()).max().orElse(0);
    for (Struct key : keys) {
      lines.add("  " + key(key, width));
    }
    add(lines, "last read: ", answer.string("lastRead"));
    add(lines, "next: ", answer.string("next"));
    add(lines, "failed: ", answer.string("failure"));
    return lines;
  }

  private static String head(Struct answer) {
    Struct ready = answer.struct("ready");
    String state =
        answer.bool("dryRun")
            ? "would keep"
            : ready.isEmpty()
                ? "was not looked at yet; it keeps"
                : ready.string("reason") + ": " + ready.string("message") + "; it keeps";
    return "externalsecret %s/%s: %s secret %s%s"
        .formatted(
            answer.string("namespace"),
            answer.string("name"),
            state,
            answer.string("secret"),
            answer.bool("exists") ? "" : ", which is not there");
  }

  private static String store(Struct store) {
    String name = store.string("kind") + "/" + store.string("name");
    if (!store.bool("exists")) {
      return name + " is not there";
    }
    String message = store.string("message");
    return "%s (%s) %s%s"
        .formatted(
            name,
            store.string("provider"),
            store.bool("works") ? "works" : "does not work",
            store.bool("works") || message.isEmpty() ? "" : ": " + message);
  }

  private static String key(Struct key, int width) {
    String name = key.string("key");
    String from = key.string("from");
    return name
        + " ".repeat(width - name.length())
        + " <- "
        + (from.isEmpty() ? "made by the template, or there before" : from)
        + (key.bool("kept") ? "" : " (not in the Secret)");
  }

  private static void add(List<String> lines, String what, String value) {
    if (!value.isEmpty()) {
      lines.add("  " + what + value);
    }
  }
}
