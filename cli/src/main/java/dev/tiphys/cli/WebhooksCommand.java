package dev.tiphys.cli;

import dev.tiphys.cli.options.DataOption;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `tiphys webhooks`
@Command(
    name = "webhooks",
    description =
        "Prints what became of the calls of each admission webhook since the API server started: how"
            + " many there were, what they were answered, and how long that took.",
    mixinStandardHelpOptions = true)
final class WebhooksCommand implements Runnable {

  private static final List<String> HEADS =
      List.of(
          "WEBHOOK",
          "CONFIGURATION",
          "TYPE",
          "CALLS",
          "ALLOWED",
          "CHANGED",
          "DENIED",
          "FAILED",
          "SKIPPED",
          "AVERAGE",
          "LONGEST",
          "LAST PROBLEM");

  @Mixin private DataOption data = new DataOption();

  @Override
  public void run() {
    List<Struct> webhooks = AdminApi.of(data.directory()).document("/webhooks").structs("webhooks");
    if (webhooks.isEmpty()) {
      System.out.println("No admission webhook was asked yet.");
      return;
    }
    lines(webhooks).forEach(System.out::println);
  }

  /// A line of heads, and one for each webhook.
  static List<String> lines(List<Struct> webhooks) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADS);
    webhooks.forEach(each -> rows.add(row(each)));
    int[] widths = new int[HEADS.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static List<String> row(Struct webhook) {
    return List.of(
        webhook.string("webhook"),
        webhook.string("configuration"),
        webhook.string("type"),
        number(webhook, "calls"),
        number(webhook, "allowed"),
        number(webhook, "changed"),
        number(webhook, "denied"),
        number(webhook, "failed"),
        number(webhook, "skipped"),
        span(webhook, "averageMicroseconds"),
        span(webhook, "longestMicroseconds"),
        webhook.string("lastProblem"));
  }

  private static String number(Struct webhook, String field) {
    return Long.toString(webhook.integer(field));
  }

  private static String span(Struct webhook, String field) {
    return String.format(Locale.ROOT, "%.1fms", webhook.integer(field) / 1e3);
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      line.append(cell).append(" ".repeat(widths[i] - cell.length() + 3));
    }
    return line.toString().stripTrailing();
  }
}
