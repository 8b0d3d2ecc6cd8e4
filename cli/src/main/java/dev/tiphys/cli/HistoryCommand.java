package dev.tiphys.cli;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.options.DataOption;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.encoding.Json;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tiphys history`
@Command(
    name = "history",
    description =
        "Prints who changed an object and why, and what differs after each change, as far back as the cluster"
            + " remembers: five minutes, or since its start.",
    mixinStandardHelpOptions = true)
final class HistoryCommand implements Runnable {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  @Mixin private DataOption data = new DataOption();

  @Option(
      names = {"-n", "--namespace"},
      description = "The object's namespace. Default: ${DEFAULT-VALUE}.")
  private String namespace = "default";

  @Parameters(paramLabel = "KIND/NAME", description = "The object, such as deployment/web.")
  private String object = "";

  @Override
  public void run() {
    String[] parts = object.split("/");
    if (parts.length != 2) {
      throw new CliException("name the object as KIND/NAME, such as deployment/web");
    }
    Struct history =
        AdminApi.of(data.directory())
            .document("/history/" + parts[0] + "/" + namespace + "/" + parts[1]);
    List<String> lines = lines(history);
    if (lines.isEmpty()) {
      throw new CliException(
          "nothing happened to %s since revision %d; what was before is forgotten"
              .formatted(object, history.integer("since")));
    }
    lines.forEach(System.out::println);
  }

  /// What the server tells, as people read it.
  static List<String> lines(Struct history) {
    List<String> lines = new ArrayList<>();
    for (Struct write : history.structs("writes")) {
      lines.add(head(write));
      for (Struct cause : write.structs("because")) {
        lines.add("      because of " + cause(cause));
      }
      for (Struct change : write.structs("changes")) {
        lines.add("    " + change(change));
      }
    }
    return lines;
  }

  private static String head(Struct write) {
    String time =
        write.has("time") ? TIME.format(Timestamps.parse(write.string("time"))) : "before start ";
    String by = write.string("by").isEmpty() ? "unknown" : write.string("by");
    return "%s  revision %d  %s by %s"
        .formatted(time, write.integer("revision"), write.string("verb"), by);
  }

  private static String cause(Struct cause) {
    if (!cause.has("by")) {
      return "revision " + cause.integer("revision");
    }
    return "%s, which wrote %s/%s (%s) at revision %d"
        .formatted(
            cause.string("by"),
            cause.string("resource"),
            cause.string("name"),
            cause.string("verb"),
            cause.integer("revision"));
  }

  private static String change(Struct change) {
    String path = change.string("path");
    if (!change.has("from")) {
      return "+ " + path + ": " + Json.text(value(change, "to"));
    }
    if (!change.has("to")) {
      return "- " + path + ": " + Json.text(value(change, "from"));
    }
    return "~ "
        + path
        + ": "
        + Json.text(value(change, "from"))
        + " -> "
        + Json.text(value(change, "to"));
  }

  private static Object value(Struct change, String side) {
    Object value = change.get(side);
    return value == null ? "" : value;
  }
}
