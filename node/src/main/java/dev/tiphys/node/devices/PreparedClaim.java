package dev.tiphys.node.devices;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// A claim whose devices are prepared on this node, or were begun to be.
///
/// @param pods the uids of the Pods that have it
/// @param drivers those that its devices are of, with what they have prepared
/// @param whole whether all of them have
record PreparedClaim(
    ObjectKey key,
    String uid,
    Set<String> pods,
    Map<String, List<PreparedDevice>> drivers,
    boolean whole) {

  /// @param requests of the claim, that it is for; all of them, if none is named
  /// @param cdi the names by which containers are given it
  record PreparedDevice(List<String> requests, List<String> cdi) {

    PreparedDevice {
      requests = List.copyOf(requests);
      cdi = List.copyOf(cdi);
    }

    /// Whether it is for a request; of one with alternatives the claim names the chosen one, too.
    boolean isFor(String request) {
      return requests.isEmpty()
          || request.isEmpty()
          || requests.stream()
              .anyMatch(each -> each.equals(request) || each.startsWith(request + "/"));
    }
  }

  PreparedClaim {
    pods = Set.copyOf(pods);
    drivers = Map.copyOf(drivers);
  }

  PreparedClaim with(String pod) {
    Set<String> more = new TreeSet<>(pods);
    more.add(pod);
    return new PreparedClaim(key, uid, more, drivers, whole);
  }

  PreparedClaim without(String pod) {
    Set<String> fewer = new TreeSet<>(pods);
    fewer.remove(pod);
    return new PreparedClaim(key, uid, fewer, drivers, whole);
  }

  PreparedClaim prepared(Map<String, List<PreparedDevice>> devices) {
    return new PreparedClaim(key, uid, pods, devices, true);
  }

  static PreparedClaim of(Struct entry) {
    Map<String, List<PreparedDevice>> drivers = new LinkedHashMap<>();
    for (Struct driver : entry.structs("drivers")) {
      List<PreparedDevice> devices = new ArrayList<>();
      for (Struct device : driver.structs("devices")) {
        devices.add(new PreparedDevice(device.strings("requests"), device.strings("cdi")));
      }
      drivers.put(driver.string("name"), List.copyOf(devices));
    }
    return new PreparedClaim(
        new ObjectKey(entry.string("namespace"), entry.string("name")),
        entry.string("uid"),
        Set.copyOf(entry.strings("pods")),
        drivers,
        entry.bool("whole"));
  }

  Struct toStruct() {
    List<Struct> all = new ArrayList<>();
    drivers.forEach(
        (name, devices) ->
            all.add(
                Struct.of(
                    "name",
                    name,
                    "devices",
                    devices.stream()
                        .map(each -> Struct.of("requests", each.requests, "cdi", each.cdi))
                        .toList())));
    return Struct.of("namespace", key.namespace(), "name", key.name(), "uid", uid)
        .with("pods", List.copyOf(pods))
        .with("drivers", all)
        .with("whole", whole);
  }
}
