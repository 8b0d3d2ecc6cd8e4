package dev.tiphys.network.router.table;

/// What must hold of a request besides its path.
public sealed interface Condition {

  boolean holds(RequestView request);

  /// The method, which is case-sensitive (RFC 9110, 9.1).
  record Method(String method) implements Condition {
    @Override
    public boolean holds(RequestView request) {
      return request.method().equals(method);
    }
  }

  /// A header.
  record Header(String name, ValueMatch value) implements Condition {
    @Override
    public boolean holds(RequestView request) {
      return value.matches(request.header(name));
    }
  }

  /// A parameter of the query.
  record Query(String name, ValueMatch value) implements Condition {
    @Override
    public boolean holds(RequestView request) {
      return value.matches(request.query(name));
    }
  }

  /// The host is one label and the suffix.
  ///
  /// @param suffix in lower case, with the dot it begins with
  record OneLabelBelow(String suffix) implements Condition {
    @Override
    public boolean holds(RequestView request) {
      String host = request.host();
      return host.endsWith(suffix) && host.indexOf('.') == host.length() - suffix.length();
    }
  }

  /// The opposite of another condition.
  record Not(Condition condition) implements Condition {
    @Override
    public boolean holds(RequestView request) {
      return !condition.holds(request);
    }
  }
}
