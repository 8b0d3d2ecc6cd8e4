package dev.tiphys.network.dns.corefile;

import dev.tiphys.network.dns.message.Answer;
import dev.tiphys.network.dns.message.Name;
import dev.tiphys.network.dns.message.Rcode;
import dev.tiphys.network.dns.message.Record;
import dev.tiphys.network.dns.message.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Static hosts.
///
/// @param records by their names
/// @param zones what they are asked about; the block's own if none are named
/// @param passes whether a name that is not among them is looked for elsewhere
public record Hosts(Map<Name, List<Record>> records, List<Name> zones, boolean passes) {

  public Hosts {
    records = Map.copyOf(records);
    zones = List.copyOf(zones);
  }

  /// The answer; null if the name is not among them.
  public @Nullable Answer answer(Name name, int type) {
    List<Record> all = records.get(name);
    if (all == null) {
      return null;
    }
    List<Record> found = new ArrayList<>();
    for (Record each : all) {
      if (each.type() == type || type == Type.ANY) {
        found.add(each);
      }
    }
    return Answer.found(found, List.of());
  }

  /// Whether names that are not there are not to be looked for elsewhere.
  public boolean keeps(Name name) {
    return !passes && zones.stream().anyMatch(name::isIn);
  }

  /// What is answered then: there is no SOA to prove that there is nothing.
  public static Answer nothing() {
    return Answer.of(Rcode.SERVFAIL);
  }
}
