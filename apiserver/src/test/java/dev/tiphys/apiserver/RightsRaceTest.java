package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RightsRaceTest {

  private static final ApiResource BINDINGS =
      new ApiResource(
          new GroupVersion("rbac.authorization.k8s.io", "v1"),
          "clusterrolebindings",
          "ClusterRoleBinding",
          false);
  private static final int ROUNDS = 300;

  private final World world = new RealWorld();

  private static Struct binding(String name) {
    return Yaml.struct(
        """
        metadata: {name: %s}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: %s}]
        """
            .formatted(name, name));
  }

  /// Several give and take rights at once, while others ask all the time.
  @Test
  void whatWasWrittenIsGoodForTheNextRequestWhateverOthersDo() throws Exception {
    ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    AtomicBoolean over = new AtomicBoolean();
    try (ApiServer server = new ApiServer(EmbeddedStore.inMemory(world), world)) {
      Api admin = server.api("admin");
      admin.create(
          new ApiResource(BINDINGS.groupVersion(), "clusterroles", "ClusterRole", false),
          Yaml.struct(
              "{metadata: {name: cluster-admin}, rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]}"));
      List<Task> writers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String user = "user" + i;
        writers.add(world.start(user, () -> giveAndTake(server, admin, user, wrong)));
      }
      Task reader =
          world.start(
              "reader",
              () -> {
                while (!over.get()) {
                  mayList(server, "nobody");
                }
              });
      for (Task writer : writers) {
        writer.join();
      }
      over.set(true);
      reader.join();
    }
    assertThat(wrong).isEmpty();
  }

  private static void giveAndTake(
      ApiServer server, Api admin, String user, ConcurrentLinkedQueue<String> wrong) {
    for (int round = 0; round < ROUNDS; round++) {
      admin.create(BINDINGS, binding(user));
      if (!mayList(server, user)) {
        wrong.add(user + " is refused in round " + round);
      }
      admin.delete(BINDINGS, "", user, DeleteOptions.DEFAULT);
      if (mayList(server, user)) {
        wrong.add(user + " is allowed in round " + round);
      }
    }
  }

  private static boolean mayList(ApiServer server, String user) {
    try {
      server
          .api(UserInfo.of(user, UserInfo.AUTHENTICATED), user, user)
          .find(ApiResource.PODS, "default", "x");
      return true;
    } catch (ApiException e) {
      return false;
    }
  }
}
