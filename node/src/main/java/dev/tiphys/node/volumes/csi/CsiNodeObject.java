package dev.tiphys.node.volumes.csi;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.csi.Csi;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// The objects by which the cluster knows which drivers a node has: its CSINode, and labels and an
/// annotation of its Node.
///
/// Threads: one at a time.
public final class CsiNodeObject {
  private static final String NODE_IDS = "csi.volume.kubernetes.io/nodeid";
  private static final int ATTEMPTS = 10;

  private final Api api;
  private final String node;

  public CsiNodeObject(Api api, String node) {
    this.api = api;
    this.node = node;
  }

  /// Makes the CSINode unless it is there.
  ///
  /// @throws ApiException if it can't be, because there is no Node yet for one
  void ensure() {
    if (api.find(ApiResource.CSI_NODES, "", node) == null) {
      create(List.of());
    }
  }

  /// Tells of a driver: on the Node first, so that volumes can be placed by what the CSINode says.
  ///
  /// @throws ApiException if that can't be
  /// @throws IllegalArgumentException if what the driver says cannot be told
  void install(String driver, Csi.NodeGetInfoResponse info) {
    Map<String, String> topology = new TreeMap<>(info.getAccessibleTopology().getSegmentsMap());
    Struct now = api.get(ApiResource.NODES, "", node);
    Struct labels = Meta.of(now).labels();
    topology.forEach(
        (key, value) -> {
          Object known = labels.get(key);
          if (known != null && !known.equals(value)) {
            throw new IllegalArgumentException(
                "detected topology value collision: driver reported \"%s\":\"%s\" but existing label is \"%s\":\"%s\""
                    .formatted(key, value, key, known));
          }
        });
    StructBuilder added = new StructBuilder();
    topology.forEach(added::add);
    patchNode(now, added.build(), ids(now).with(driver, info.getNodeId()));
    change(drivers -> with(drivers, entry(driver, info, topology.keySet())));
  }

  /// A driver is gone. Where it was, the labels stay: volumes of it may be there.
  void uninstall(String driver) {
    change(drivers -> drivers.stream().filter(d -> !d.string("name").equals(driver)).toList());
    Struct now = api.get(ApiResource.NODES, "", node);
    patchNode(now, Struct.EMPTY, ids(now).without(driver));
  }

  private static Struct ids(Struct node) {
    String text = node.struct("metadata").string("annotations", NODE_IDS);
    return text.isEmpty() ? Struct.EMPTY : Json.struct(text);
  }

  private void patchNode(Struct now, Struct labels, Struct ids) {
    boolean known = true;
    for (String key : labels.names()) {
      known &= Meta.of(now).labels().has(key);
    }
    if (!known || !ids.equals(ids(now))) {
      Struct annotations = Struct.of(NODE_IDS, Json.text(ids));
      Struct _ =
          api.patch(
              ApiResource.NODES,
              "",
              node,
              "",
              PatchType.STRATEGIC,
              Struct.of("metadata", Struct.of("labels", labels, "annotations", annotations)));
    }
  }

  private static Struct entry(
      String driver, Csi.NodeGetInfoResponse info, Iterable<String> topology) {
    List<String> keys = new ArrayList<>();
    topology.forEach(keys::add);
    StructBuilder entry = new StructBuilder().add("name", driver).add("nodeID", info.getNodeId());
    entry.addUnlessEmpty("topologyKeys", keys);
    if (info.getMaxVolumesPerNode() > 0) {
      long most = Math.min(info.getMaxVolumesPerNode(), Integer.MAX_VALUE);
      entry.add("allocatable", Struct.of("count", most));
    }
    return entry.build();
  }

  private static List<Struct> with(List<Struct> drivers, Struct entry) {
    List<Struct> all = new ArrayList<>(drivers);
    all.removeIf(driver -> driver.string("name").equals(entry.string("name")));
    all.add(entry);
    return all;
  }

  /// Others may write to it as well.
  private void change(UnaryOperator<List<Struct>> change) {
    for (int attempt = 1; ; attempt++) {
      try {
        Struct now = api.find(ApiResource.CSI_NODES, "", node);
        if (now == null) {
          create(change.apply(List.of()));
        } else {
          List<Struct> drivers = change.apply(now.structs("spec", "drivers"));
          if (!drivers.equals(now.structs("spec", "drivers"))) {
            Struct _ = api.update(ApiResource.CSI_NODES, now.withAt(drivers, "spec", "drivers"));
          }
        }
        return;
      } catch (ApiException e) {
        if (attempt == ATTEMPTS || !e.is(Reason.CONFLICT, Reason.ALREADY_EXISTS)) {
          throw e;
        }
      }
    }
  }

  private void create(List<Struct> drivers) {
    Struct owner =
        Struct.of("apiVersion", "v1", "kind", "Node", "name", node)
            .with("uid", Meta.of(api.get(ApiResource.NODES, "", node)).uid());
    Struct _ =
        api.create(
            ApiResource.CSI_NODES,
            new StructBuilder()
                .add("apiVersion", "storage.k8s.io/v1")
                .add("kind", "CSINode")
                .add("metadata", Struct.of("name", node, "ownerReferences", List.of(owner)))
                .add("spec", Struct.of("drivers", drivers))
                .build());
  }
}
