package dev.tiphys.apiserver.fairness;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.fairness.FlowRequest.Ticket;
import dev.tiphys.apiserver.fairness.PriorityLevel.Dump;
import dev.tiphys.apiserver.fairness.PriorityLevel.QueueDump;
import dev.tiphys.apiserver.fairness.PriorityLevel.Served;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The levels as they are at a moment, as tables that people read: upstream's columns.
public final class FairnessTables {

  private static final int MILLI_SCALE = 6; // of nanoseconds

  private static final String ZERO_TIME = "0001-01-01T00:00:00Z";
  private static final int NARROWEST = 8;

  private final List<Dump> levels;

  public FairnessTables(Fairness fairness) {
    this.levels = fairness.dump();
  }

  public String levels() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "PriorityLevelName",
            "ActiveQueues",
            "IsIdle",
            "IsQuiescing",
            "WaitingRequests",
            "ExecutingRequests",
            "DispatchedRequests",
            "RejectedRequests",
            "TimedoutRequests",
            "CancelledRequests"));
    for (Dump level : levels) {
      rows.add(
          texts(
              level.spec().name(),
              level.queues().stream().filter(queue -> !queue.waiting().isEmpty()).count(),
              level.waiting() == 0 && level.executing() == 0,
              level.quiescing(),
              level.waiting(),
              level.executing(),
              level.dispatched(),
              level.rejected(),
              level.timedOut(),
              level.cancelled()));
    }
    return table(rows);
  }

  public String queues() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "PriorityLevelName",
            "Index",
            "PendingRequests",
            "ExecutingRequests",
            "SeatsInUse",
            "NextDispatchR",
            "InitialSeatsSum",
            "MaxSeatsSum",
            "TotalWorkSum"));
    for (Dump level : levels) {
      for (int i = 0; i < level.queues().size(); i++) {
        QueueDump queue = level.queues().get(i);
        rows.add(
            texts(
                level.spec().name(),
                i,
                queue.waiting().size(),
                queue.executing().size(),
                queue.seatsInUse(),
                seatSeconds(queue.nextTurn()),
                queue.seatsWaiting(),
                queue.seatsWaiting(),
                seatSeconds(queue.seatsWaiting() * LevelQueue.USUAL_SECONDS)));
      }
    }
    return table(rows);
  }

  private static String duration(Duration duration) {
    return duration.isZero()
        ? "0s"
        : BigDecimal.valueOf(duration.toNanos(), MILLI_SCALE).stripTrailingZeros().toPlainString()
            + "ms";
  }

  private static String seatSeconds(double value) {
    return String.format(Locale.ROOT, "%.8fss", value);
  }

  /// @param details whether the tables tell which user asks for what
  public String requests(boolean details) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head =
        new ArrayList<>(
            List.of(
                "PriorityLevelName",
                "FlowSchemaName",
                "QueueIndex",
                "RequestIndexInQueue",
                "FlowDistingsher",
                "ArriveTime",
                "InitialSeats",
                "FinalSeats",
                "AdditionalLatency",
                "StartTime"));
    if (details) {
      head.addAll(
          List.of(
              "UserName",
              "Verb",
              "APIPath",
              "Namespace",
              "Name",
              "APIVersion",
              "Resource",
              "SubResource"));
    }
    rows.add(head);
    for (Dump level : levels) {
      for (int i = 0; i < level.queues().size(); i++) {
        QueueDump queue = level.queues().get(i);
        for (int j = 0; j < queue.waiting().size(); j++) {
          rows.add(request(level, i, j, queue.waiting().get(j), details));
        }
        for (Served served : queue.executing()) {
          rows.add(request(level, i, -1, served, details));
        }
      }
      for (Served served : level.queueless()) {
        rows.add(request(level, -1, -1, served, details));
      }
    }
    return table(rows);
  }

  private static List<String> request(
      Dump level, int queue, int index, Served served, boolean details) {
    Ticket ticket = served.ticket();
    List<String> row =
        new ArrayList<>(
            texts(
                level.spec().name(),
                ticket.schema(),
                queue,
                index,
                ticket.flow(),
                ticket.arrived(),
                ticket.work().seats(),
                ticket.work().later(),
                duration(ticket.work().after()),
                served.started() == null ? ZERO_TIME : served.started()));
    if (details) {
      row.add(ticket.request().user().name());
      row.add(ticket.request().verb());
      row.addAll(
          switch (ticket.request().subject()) {
            case Subject.OfPath(String path) -> List.of(path, "", "", "", "", "");
            case Subject.OfResource of ->
                List.of(
                    path(of),
                    of.namespace(),
                    of.name(),
                    of.group().isEmpty() ? of.version() : of.group() + "/" + of.version(),
                    of.plural(),
                    of.subresource());
          });
    }
    return row;
  }

  private static String path(Subject.OfResource of) {
    StringBuilder path =
        new StringBuilder(of.group().isEmpty() ? "/api/" : "/apis/" + of.group() + "/");
    path.append(of.version());
    if (!of.namespace().isEmpty() && !of.isNamespace()) {
      path.append("/namespaces/").append(of.namespace());
    }
    for (String part : List.of(of.plural(), of.name(), of.subresource())) {
      if (!part.isEmpty()) {
        path.append('/').append(part);
      }
    }
    return path.toString();
  }

  private static List<String> texts(Object... values) {
    List<String> texts = new ArrayList<>();
    for (Object value : values) {
      texts.add(String.valueOf(value));
    }
    return texts;
  }

  /// Columns as wide as what is in them, with commas between, so that programs read them too.
  private static String table(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], Math.max(NARROWEST, row.get(i).length() + 2));
      }
    }
    StringBuilder table = new StringBuilder();
    for (List<String> row : rows) {
      for (int i = 0; i < columns - 1; i++) {
        String cell = row.get(i) + ",";
        table.append(cell).append(" ".repeat(widths[i] - cell.length()));
      }
      table.append(row.getLast()).append('\n');
    }
    return table.toString();
  }
}
