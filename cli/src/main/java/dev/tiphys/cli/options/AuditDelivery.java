package dev.tiphys.cli.options;

import dev.tiphys.apiserver.audit.BufferedBackend.Batching;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.roles.AuditChoice.Delivery;
import dev.tiphys.cli.roles.AuditChoice.Mode;
import dev.tiphys.object.GoDuration;
import java.util.List;

/// What flags say of how events are delivered, to the log and to the webhook alike.
///
/// @param plugin `log` or `webhook`
/// @param patience how long a batch waits for more
/// @param apart whether a batch does not wait for the one before it
record AuditDelivery(
    String plugin,
    String mode,
    int room,
    int most,
    String patience,
    boolean throttled,
    double rate,
    int burst,
    boolean truncated,
    long largestEvent,
    long largestBatch,
    boolean apart) {

  private static final List<String> MODES = List.of("batch", "blocking", "blocking-strict");

  /// @throws CliException if it does not go together
  Delivery checked() {
    check(
        MODES.contains(mode),
        "invalid audit %s mode %s, allowed modes are \"%s\"",
        plugin,
        mode,
        String.join(",", MODES));
    if (mode.equals("batch")) {
      checkPositive("batch", "buffer size", room);
      checkPositive("batch", "max batch size", most);
      if (throttled) {
        checkPositive("batch", "throttle QPS", rate);
        checkPositive("batch", "throttle burst", burst);
      }
    }
    checkPositive("truncate", "max event size", largestEvent);
    check(
        largestBatch >= largestEvent,
        "invalid audit truncate %s max batch size %s, must be greater than max event size (%s)",
        plugin,
        largestBatch,
        largestEvent);
    return new Delivery(
        Mode.values()[MODES.indexOf(mode)],
        new Batching(room, most, GoDuration.parse(patience), throttled ? rate : 0, burst, apart),
        truncated ? largestEvent : 0,
        largestBatch);
  }

  private void checkPositive(String what, String setting, Number value) {
    String shown =
        value instanceof Double number && number == Math.rint(number)
            ? Long.toString(number.longValue())
            : value.toString();
    check(
        value.doubleValue() > 0,
        "invalid audit %s %s %s %s, must be a positive number",
        what,
        plugin,
        setting,
        shown);
  }

  private static void check(boolean holds, String problem, Object... values) {
    if (!holds) {
      throw new CliException(problem.formatted(values));
    }
  }
}
