package dev.tiphys.network.router.table;

import java.net.InetAddress;
import java.util.function.Predicate;

/// What must hold of a request besides its path.
public sealed interface Condition {

  boolean holds(RequestView request);

  /// The method, by a pattern.
  record Methods(ValueMatch value) implements Condition {
    @Override
    public boolean holds(RequestView request) {
      return value.matches(request.method());
    }
  }

  /// How the client reached the proxy, by a pattern.
  record Schemes(ValueMatch value) implements Condition {
    @Override
    public boolean holds(RequestView request) {
      return value.matches(request.scheme());
    }
  }

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

  /// A cookie (RFC 6265, 4.2).
  record Cookie(String name, ValueMatch value) implements Condition {
    @Override
    public boolean holds(RequestView request) {
      String cookies = request.header("cookie");
      if (cookies != null) {
        for (String cookie : cookies.split("[;,]", -1)) {
          int equals = cookie.indexOf('=');
          if (equals > 0 && cookie.substring(0, equals).strip().equals(name)) {
            return value.matches(cookie.substring(equals + 1).strip());
          }
        }
      }
      return value.matches(null);
    }
  }

  /// `http` or `https`: how the client reached the proxy.
  record Scheme(String scheme) implements Condition {
    @Override
    public boolean holds(RequestView request) {
      return request.scheme().equals(scheme);
    }
  }

  /// The host that is asked, with or without its port.
  record Host(ValueMatch value) implements Condition {
    @Override
    public boolean holds(RequestView request) {
      return value.matches(request.host()) || value.matches(request.header("host"));
    }
  }

  /// Where the request comes from.
  ///
  /// @param which must not wait
  record Client(Predicate<InetAddress> which) implements Condition {
    @Override
    public boolean holds(RequestView request) {
      InetAddress client = request.client();
      return client != null && which.test(client);
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
