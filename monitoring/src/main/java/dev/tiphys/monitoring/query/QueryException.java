package dev.tiphys.monitoring.query;

import java.io.Serial;

/// A query without an answer.
public final class QueryException extends Exception {

  @Serial private static final long serialVersionUID = 1;

  private final String type;

  /// @param type as Prometheus names it, such as `bad_data`; empty if Prometheus said nothing
  /// @param message what it says of the query, or why it says nothing
  public QueryException(String type, String message) {
    super(message);
    this.type = type;
  }

  /// Whether it is the query's own fault: asking again does not help.
  public boolean isRefusal() {
    return type.equals("bad_data");
  }

  public String message() {
    return String.valueOf(getMessage());
  }
}
