package dev.tiphys.network.dns.records;

import dev.tiphys.network.dns.message.Name;
import dev.tiphys.network.dns.message.Record;
import java.net.InetAddress;
import java.util.List;

/// The zone of a cluster: what is in it whatever the cluster holds.
///
/// @param apex as `cluster.local`
/// @param ttl of records, in seconds
/// @param pods whether names are made of Pods' addresses
public record Zone(Name apex, int ttl, boolean pods) {

  /// The version of the specification that is followed.
  static final String SCHEMA = "1.1.0";

  /// Where names of Services are.
  Name services() {
    return apex.child("svc");
  }

  /// Where names of Pods' addresses are.
  Name podNames() {
    return apex.child("pod");
  }

  private Name server() {
    return apex.child("ns.dns");
  }

  /// Tells who answers for the zone, and for how long it may be remembered that something is not
  /// there.
  Record soa() {
    return Record.soa(apex, ttl, server(), apex.child("hostmaster"), 1, ttl);
  }

  /// The records that the zone always has.
  ///
  /// @param servers the addresses where Pods ask
  List<List<Record>> fixed(List<InetAddress> servers) {
    List<Record> addresses =
        servers.stream().map(each -> Record.address(server(), ttl, each)).toList();
    return List.of(
        List.of(soa(), Record.ns(apex, ttl, server())),
        List.of(Record.text(apex.child("dns-version"), ttl, SCHEMA)),
        addresses);
  }

  /// The names that exist because others are below them.
  List<Name> empty() {
    return pods
        ? List.of(services(), podNames(), apex.child("dns"))
        : List.of(services(), apex.child("dns"));
  }
}
