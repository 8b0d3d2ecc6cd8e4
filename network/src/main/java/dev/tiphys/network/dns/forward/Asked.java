package dev.tiphys.network.dns.forward;

import dev.tiphys.network.dns.message.Name;
import dev.tiphys.network.dns.message.Query;

/// What other servers are asked: questions that are equal have one answer.
///
/// @param dnssec whether signatures are asked for too
/// @param checkingDisabled whether what fails validation is wanted
public record Asked(Name name, int type, boolean dnssec, boolean checkingDisabled) {

  /// What a client asks.
  public static Asked of(Query query) {
    return of(query, query.name());
  }

  /// What a client asks, about another name.
  public static Asked of(Query query, Name name) {
    return new Asked(name, query.type(), query.dnssec(), query.checkingDisabled());
  }
}
