import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informers;
import dev.tiphys.monitoring.discovery.ClusterView;
import dev.tiphys.monitoring.discovery.Search;
import dev.tiphys.monitoring.discovery.TargetFile;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.encoding.Yaml;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/// `ChangedService.java SERVICES`: what a changed Service costs the file of targets of a monitor that selects from so
/// many: the look at the Service, and the whole file, written anew.
public final class ChangedService {

  private static final int CHANGES = 201;
  private static final int WARMING = 200;

  private ChangedService() {}

  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[0]);
    MonitoredServices services = new MonitoredServices(8080);
    for (int i = 0; i < count; i++) {
      services.make("s-" + i, "app", i, 1);
    }
    Informers informers = new Informers(services.world, services.api);
    ClusterView cluster = new ClusterView(informers);
    informers.of(ApiResource.SERVICES);
    informers.start();
    informers.awaitSynced();
    Path place = Files.createTempDirectory("targets").resolve("a.json");
    Search search = new Search(Yaml.struct("role: endpoints\nselectors: [{role: service, label: app=app}]"));
    TargetFile file = new TargetFile(cluster, place, search);
    long[] nanos = new long[CHANGES];
    for (int i = -WARMING; i < CHANGES; i++) {
      ObjectKey key = change(services, informers, "s-" + (i + WARMING) * 37 % count, "x" + i);
      long before = used();
      file.look(Map.of("service", Set.of(key)));
      file.write();
      nanos[Math.max(i, 0)] = used() - before;
    }
    Arrays.sort(nanos);
    System.out.printf("a file of %,d targets, MB: %.1f%n", count, Files.size(place) / 1e6);
    System.out.printf(
        "a changed Service of %,d that a monitor selects from, ms of processor time, middle and longest of %d: %.2f %.2f%n",
        count, CHANGES, nanos[CHANGES / 2] / 1e6, nanos[CHANGES - 1] / 1e6);
    System.exit(0);
  }

  /// Changes a Service, and awaits that this is known here.
  private static ObjectKey change(MonitoredServices services, Informers informers, String name, String label)
      throws InterruptedException {
    Struct changed =
        services.api.update(
            ApiResource.SERVICES,
            services.api.get(ApiResource.SERVICES, "default", name).withAt(label, "metadata", "labels", "round"),
            "");
    ObjectKey key = ObjectKey.of(changed);
    while (!Meta.of(informers.of(ApiResource.SERVICES).find(key)).resourceVersion().equals(Meta.of(changed).resourceVersion())) {
      Thread.sleep(1);
    }
    return key;
  }

  private static long used() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
