package dev.tiphys.cli;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.data.LeaderIdentity;
import dev.tiphys.cli.options.NetworkOption;
import dev.tiphys.cli.roles.ApiServerRole;
import dev.tiphys.cli.roles.Closeables;
import dev.tiphys.cli.roles.EdgeRole;
import dev.tiphys.cli.roles.Leading;
import dev.tiphys.cli.roles.LeftParts;
import dev.tiphys.cli.roles.LiveDocuments;
import dev.tiphys.cli.roles.MeshRole;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.leader.ElectionSettings;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.gatewayapi.GatewayApi;
import dev.tiphys.network.gatewayapi.GatewayStatus;
import dev.tiphys.network.ingress.IngressController;
import dev.tiphys.network.ingress.IngressStatus;
import dev.tiphys.network.ingress.Ingresses;
import dev.tiphys.network.istio.IstioResources;
import dev.tiphys.network.istio.validation.Validation;
import dev.tiphys.network.mesh.Mesh;
import dev.tiphys.world.World;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What clients outside of a cluster reach by HTTP, beside an API server: Ingresses, the Gateway
/// API, VirtualServices.
final class ClusterEdge {

  private static final UserInfo INGRESS = UserInfo.of(EdgeRole.USER, UserInfo.AUTHENTICATED);

  private static final UserInfo GATEWAY =
      UserInfo.of(EdgeRole.GATEWAY_USER, UserInfo.AUTHENTICATED);

  private static final UserInfo MESH = UserInfo.of(MeshRole.USER, UserInfo.AUTHENTICATED);

  private final World world;
  private final ApiServerRole server;
  private final Closeables running;
  private final LeftParts left;

  /// @param running closes what is started
  /// @param left which parts are left to others
  ClusterEdge(World world, ApiServerRole server, Closeables running, LeftParts left) {
    this.world = world;
    this.server = server;
    this.running = running;
    this.left = left;
  }

  /// Starts it; null if nothing is to be served there.
  @Nullable EdgeRole start(
      UpOptions options, DataDirectory data, NetworkSettings settings, Mesh.Policies policies)
      throws InterruptedException {
    boolean ingress = options.network.has(NetworkOption.Part.INGRESS);
    boolean gateway = options.network.has(NetworkOption.Part.GATEWAY);
    boolean mesh = options.network.has(NetworkOption.Part.MESH);
    if (!ingress && !gateway && !mesh) {
      return null;
    }
    EdgeRole role =
        running.add(
            EdgeRole.start(
                world,
                server.api(UserInfo.PROXY, "kube-proxy", "kube-proxy"),
                settings,
                options.network.local(),
                options.network.accessLog()));
    server.tellToo(role::write);
    role.tellOthers(
        server.api(UserInfo.ofNode(settings.node()), "kubelet", "kubelet"), settings.node());
    role.followOthers(server.api(UserInfo.PROXY, "kube-proxy", "kube-proxy"), settings.node());
    if (ingress) {
      serveIngresses(role, data);
    }
    if (gateway) {
      serveGateways(role, data);
    }
    if (mesh) {
      Api api = server.api(MESH, MeshRole.PROGRAM, MeshRole.PROGRAM);
      MeshRole started =
          running.add(MeshRole.start(world, api, role, settings, policies, options.dns.domain()));
      server.tellToo(started::write);
      server.answerToo(new LiveDocuments("virtualservices.networking.istio.io", started::live));
      left.add("virtualservices", started::leftTo);
      for (ApiResource each : IstioResources.ALL) {
        server.reviewToo(
            Validation.WEBHOOK,
            each.groupVersion().group(),
            each.plural(),
            object -> started.review(object).refusal(),
            object -> started.review(object).warnings());
      }
    }
    return role;
  }

  private void serveIngresses(EdgeRole role, DataDirectory data) {
    Api api = server.api(INGRESS, IngressController.PROGRAM, IngressController.PROGRAM);
    Ingresses ingresses = role.serveIngresses(api);
    server.answerToo(new LiveDocuments("ingresses.networking.k8s.io", ingresses::live));
    left.add("ingresses", ingresses::leftTo);
    server.reviewToo(Ingresses.WEBHOOK, "networking.k8s.io", "ingresses", ingresses::refusal);
    running.add(
        Leading.start(
            world,
            api,
            Optional.of(ElectionSettings.of(IngressStatus.LEASE, LeaderIdentity.of(world, data))),
            new Leading.Parts("ingress", term -> role.tellAddresses(term.fenced(api)))));
  }

  private void serveGateways(EdgeRole role, DataDirectory data) {
    Api api = server.api(GATEWAY, EdgeRole.GATEWAY_PROGRAM, EdgeRole.GATEWAY_PROGRAM);
    GatewayApi gateways = role.serveGateways(api);
    running.add(
        Leading.start(
            world,
            api,
            Optional.of(ElectionSettings.of(GatewayStatus.LEASE, LeaderIdentity.of(world, data))),
            new Leading.Parts(
                "gateway",
                term -> {
                  GatewayStatus status = gateways.status(term.fenced(api));
                  status.start();
                  return status;
                })));
  }
}
