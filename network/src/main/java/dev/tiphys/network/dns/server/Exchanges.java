package dev.tiphys.network.dns.server;

import dev.tiphys.network.dns.message.Answer;
import dev.tiphys.network.dns.message.Query;
import dev.tiphys.network.dns.message.Rcode;

/// Is told of each query that was answered.
public interface Exchanges {

  /// @param family 1 for IPv4, 2 for IPv6
  /// @param nanos from the query's arrival to its answer
  void answered(
      boolean stream, int family, Query query, Answer answer, int querySize, int size, long nanos);

  /// A query has made the server fail.
  void failed(RuntimeException failure);

  /// The answer to a query that cannot be answered, as that says itself.
  static Answer fault(Query query) {
    return Answer.of(query.fault() == Rcode.NOERROR ? Rcode.SERVFAIL : query.fault());
  }
}
