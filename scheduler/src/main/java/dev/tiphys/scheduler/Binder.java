package dev.tiphys.scheduler;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import java.util.function.Consumer;

/// Tells the API which node a Pod runs on: upstream's default binder.
///
/// Threads: any.
final class Binder {

  private static final String REJECTED =
      "binding rejected: running Bind plugin \"DefaultBinder\": ";

  private final Api api;
  private final Writers writers;

  Binder(Api api, Writers writers) {
    this.api = api;
    this.writers = writers;
  }

  /// Binds a Pod to a node, in the background.
  ///
  /// @param onDone called when that is done, on another task
  /// @param onFailure called with the reason if it fails, on another task
  void bind(PodInfo pod, NodeInfo node, Runnable onDone, Consumer<String> onFailure) {
    Struct binding =
        new StructBuilder()
            .add("kind", "Binding")
            .add("apiVersion", "v1")
            .add(
                "metadata",
                new StructBuilder()
                    .add("namespace", pod.key().namespace())
                    .add("name", pod.key().name())
                    .add("uid", pod.uid())
                    .build())
            .add("target", Struct.of("kind", "Node", "name", node.name()))
            .build();
    writers.write(
        pod,
        () -> {
          try {
            api.createSubresource(
                ApiResource.PODS, pod.key().namespace(), pod.key().name(), "binding", binding);
          } catch (ApiException e) {
            onFailure.accept(REJECTED + e.message());
            return;
          } catch (RuntimeException e) {
            onFailure.accept(REJECTED + e);
            throw e;
          }
          onDone.run();
        });
  }
}
