package dev.tiphys.network.dns.records;

import dev.tiphys.network.dns.message.Name;
import dev.tiphys.network.dns.message.Record;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The records of one Service. Pure: the same objects give the same records.
final class ServiceRecords {

  private static final int WHOLE_WEIGHT = 100;

  private final Zone zone;
  private final Struct service;
  private final Name name;
  private final Map<Name, Set<Record>> records = new LinkedHashMap<>();

  private ServiceRecords(Zone zone, Struct service, Name name) {
    this.zone = zone;
    this.service = service;
    this.name = name;
  }

  /// An endpoint with a name of its own.
  ///
  /// @param host its name below the Service's
  /// @param ports by their names
  private record Host(Name host, List<Struct> ports) {}

  /// The records of a Service by their names. Names that have none are there because others are
  /// below them.
  ///
  /// @param slices the Service's
  static Map<Name, Set<Record>> of(Zone zone, Struct service, List<Struct> slices) {
    Name name = nameOf(zone, service);
    if (name == null) {
      return Map.of();
    }
    ServiceRecords records = new ServiceRecords(zone, service, name);
    if (service.string("spec", "type").equals("ExternalName")) {
      records.external();
    } else if (isHeadless(service)) {
      records.headless(slices);
    } else {
      records.virtual();
    }
    return records.records;
  }

  private static @Nullable Name nameOf(Zone zone, Struct service) {
    Meta meta = Meta.of(service);
    try {
      return zone.services().child(meta.namespace()).child(meta.name());
    } catch (IllegalArgumentException e) {
      return null; // a zone of a long name leaves no room for it
    }
  }

  private static boolean isHeadless(Struct service) {
    return service.string("spec", "clusterIP").equals("None");
  }

  private void add(Record record) {
    records.computeIfAbsent(record.owner(), _ -> new LinkedHashSet<>()).add(record);
  }

  private void external() {
    String target = service.string("spec", "externalName");
    InetAddress address = address(target);
    if (address != null) {
      add(Record.address(name, zone.ttl(), address));
      return;
    }
    Name leadsTo = Name.parse(target);
    if (leadsTo != null) {
      add(Record.cname(name, zone.ttl(), leadsTo));
    }
  }

  private void virtual() {
    for (String text : clusterIps()) {
      InetAddress address = address(text);
      if (address != null) {
        add(Record.address(name, zone.ttl(), address));
        add(Record.ptr(Name.ofAddress(address), zone.ttl(), name));
      }
    }
    if (!records.isEmpty()) {
      for (Struct port : service.structs("spec", "ports")) {
        serve(port, WHOLE_WEIGHT, name);
      }
    }
  }

  private List<String> clusterIps() {
    List<String> all = service.strings("spec", "clusterIPs");
    return all.isEmpty() ? List.of(service.string("spec", "clusterIP")) : all;
  }

  private void headless(List<Struct> slices) {
    boolean all = service.bool("spec", "publishNotReadyAddresses");
    Map<Name, Host> hosts = new LinkedHashMap<>();
    for (Struct slice : slices) {
      for (Struct endpoint : slice.structs("endpoints")) {
        if (all || isReady(endpoint)) {
          endpoint(slice, endpoint, hosts);
        }
      }
    }
    int weight = Math.max(1, WHOLE_WEIGHT / Math.max(1, hosts.size()));
    for (Host each : hosts.values()) {
      each.ports.forEach(port -> serve(port, weight, each.host));
    }
  }

  /// What is not said of an endpoint is that it is ready.
  private static boolean isReady(Struct endpoint) {
    Struct conditions = endpoint.struct("conditions");
    return !conditions.has("ready") || conditions.bool("ready");
  }

  private void endpoint(Struct slice, Struct endpoint, Map<Name, Host> hosts) {
    for (String text : endpoint.strings("addresses")) {
      InetAddress address = address(text);
      Name host = address == null ? null : hostOf(endpoint, text);
      if (address != null && host != null) {
        add(Record.address(name, zone.ttl(), address));
        add(Record.address(host, zone.ttl(), address));
        add(Record.ptr(Name.ofAddress(address), zone.ttl(), host));
        hosts
            .computeIfAbsent(host, _ -> new Host(host, new ArrayList<>()))
            .ports
            .addAll(slice.structs("ports"));
      }
    }
  }

  private @Nullable Name hostOf(Struct endpoint, String address) {
    String given = endpoint.string("hostname");
    String label = given.isEmpty() ? address.replace('.', '-').replace(':', '-') : given;
    try {
      return name.child(label);
    } catch (IllegalArgumentException e) {
      return null; // too long below this Service's name
    }
  }

  /// What is served on a port that has a name.
  private void serve(Struct port, int weight, Name target) {
    String portName = port.string("name");
    String protocol = port.string("protocol");
    if (portName.isEmpty() || !port.has("port")) {
      return;
    }
    String lower = protocol.isEmpty() ? "tcp" : protocol.toLowerCase(Locale.ROOT);
    try {
      Name ofProtocol = name.child("_" + lower);
      Name owner = ofProtocol.child("_" + portName);
      add(Record.srv(owner, zone.ttl(), weight, (int) port.integer("port"), target));
      records.computeIfAbsent(ofProtocol, _ -> new LinkedHashSet<>());
    } catch (IllegalArgumentException e) {
      // too long below this Service's name
    }
  }

  private static @Nullable InetAddress address(String text) {
    return IpAddress.parse(text) == null ? null : InetAddress.ofLiteral(text);
  }
}
