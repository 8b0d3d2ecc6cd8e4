package dev.tiphys.node.volumes.iscsi;

import dev.tiphys.node.volumes.VolumeRequest;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A disk of a target, and how it is reached.
///
/// @param portals where the target answers, the main one first
/// @param iqn the target's name
/// @param lun the disk's number
/// @param preset the interface that is set up on the node
/// @param initiator what this node calls itself; empty for what it does anyway
/// @param iface the interface that is used: one of the disk's own if it has an initiator's name
record IscsiDisk(
    List<String> portals, String iqn, long lun, String preset, String initiator, String iface) {
  private static final String PORT = ":3260";

  IscsiDisk {
    portals = List.copyOf(portals);
  }

  static IscsiDisk of(VolumeRequest request) {
    Struct source = request.source().struct("iscsi");
    List<String> portals = new ArrayList<>();
    portals.add(withPort(source.string("targetPortal")));
    source.strings("portals").forEach(portal -> portals.add(withPort(portal)));
    String preset = source.string("iscsiInterface");
    String initiator = source.string("initiatorName");
    return new IscsiDisk(
        portals.stream().distinct().toList(),
        source.string("iqn"),
        source.integer("lun"),
        preset.isEmpty() ? "default" : preset,
        initiator,
        initiator.isEmpty()
            ? (preset.isEmpty() ? "default" : preset)
            : portals.getFirst() + ":" + request.name());
  }

  private static String withPort(String portal) {
    return portal.contains(":") ? portal : portal + PORT;
  }

  /// The directories that upstream names after it.
  String path() {
    String name = portals.getFirst() + "-" + iqn + "-lun-" + lun;
    return "iface-" + iface.replace('/', '_') + "/" + name.replace('/', '_');
  }

  /// Whether it is reached through the session by which another one is.
  boolean sharesSession(IscsiDisk other, String portal) {
    return iqn.equals(other.iqn) && iface.equals(other.iface) && other.portals.contains(portal);
  }

  /// All of it as a text, which stands in the ledger.
  String text() {
    return Json.text(
        new StructBuilder()
            .add("portals", portals)
            .add("iqn", iqn)
            .add("lun", lun)
            .add("preset", preset)
            .add("initiator", initiator)
            .add("iface", iface)
            .build());
  }

  static IscsiDisk read(String text) {
    Struct kept = Json.struct(text.getBytes(StandardCharsets.UTF_8));
    return new IscsiDisk(
        kept.strings("portals"),
        kept.string("iqn"),
        kept.integer("lun"),
        kept.string("preset"),
        kept.string("initiator"),
        kept.string("iface"));
  }
}
