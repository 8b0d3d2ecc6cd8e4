package dev.tiphys.controllers.tokens;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.pki.token.DetachedSignature;
import dev.tiphys.world.World;

/// Signs the ConfigMap `kube-public/cluster-info` with each token by which nodes join: a node that
/// knows one believes what stands there, though it does not know the cluster yet.
public final class BootstrapSigner implements Component {

  public static final String NAME = "bootstrap-signer";

  private static final ObjectKey CLUSTER_INFO = new ObjectKey("kube-public", "cluster-info");
  private static final String CONTENT = "kubeconfig";
  private static final String SIGNATURE = "jws-kubeconfig-";

  private final World world;
  private final Api api;
  private final Informer secrets;
  private final Informer configMaps;
  private final Controller controller;

  public BootstrapSigner(World world, Api api, ClusterView cluster) {
    this.world = world;
    this.api = api;
    this.secrets = cluster.of(ApiResource.SECRETS);
    this.configMaps = cluster.of(ApiResource.CONFIG_MAPS);
    this.controller = new Controller(NAME, world, 1, this::reconcile);
    secrets.listen(
        Informer.Listener.ofAll(
            secret -> {
              Struct map = configMaps.find(CLUSTER_INFO.namespace(), CLUSTER_INFO.name());
              if (map != null && JoinToken.isIn(secret)) {
                controller.enqueue(map);
              }
            }));
    configMaps.listen(
        Informer.Listener.ofAll(
            map -> {
              if (ObjectKey.of(map).equals(CLUSTER_INFO)) {
                controller.enqueue(map);
              }
            }));
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct map = configMaps.find(key.namespace(), key.name());
    if (map == null || !map.has("data", CONTENT)) {
      return Outcome.DONE;
    }
    Struct signed = signed(map.struct("data"));
    if (!signed.equals(map.struct("data"))) {
      try {
        api.update(ApiResource.CONFIG_MAPS, map.with("data", signed));
      } catch (ApiException e) {
        if (!e.is(Reason.NOT_FOUND, Reason.CONFLICT)) {
          throw e;
        }
      }
    }
    return Outcome.DONE;
  }

  private Struct signed(Struct data) {
    StructBuilder signed = new StructBuilder();
    for (String name : data.names()) {
      if (!name.startsWith(SIGNATURE)) {
        signed.add(name, data.string(name));
      }
    }
    String content = data.string(CONTENT);
    for (Struct secret : secrets.list("kube-system")) {
      JoinToken token = new JoinToken(secret);
      if (JoinToken.isIn(secret) && token.signs(world.now())) {
        signed.add(SIGNATURE + token.id(), DetachedSignature.of(content, token.id(), token.key()));
      }
    }
    return signed.build();
  }

  @Override
  public void close() {
    controller.close();
  }
}
