package dev.tiphys.node.volumes.csi;

import dev.tiphys.csi.PluginRegistration.InfoRequest;
import dev.tiphys.csi.PluginRegistration.PluginInfo;
import dev.tiphys.csi.PluginRegistration.RegistrationStatus;
import dev.tiphys.csi.RegistrationService;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Registers the plugins whose sockets come into a directory, and takes back those whose sockets
/// go. A socket that was made anew is another one. What fails is tried again.
///
/// The directory is watched, and looked at every ten seconds all the same, for what a watch misses;
/// every half second while something in it is not registered, or where it cannot be watched.
///
/// Threads: its own task, and one for each plugin that is asked.
public final class PluginRegistry {
  private static final System.Logger LOG = System.getLogger(PluginRegistry.class.getName());
  private static final Duration SOON = Duration.ofMillis(500);
  private static final Duration LATER = Duration.ofSeconds(10);
  private static final int DEPTH = 4;
  private static final int TYPE = 0170000;
  private static final int SOCKET = 0140000;

  private final World world;
  private final Path directory;
  private final PluginConnections connections;
  private final Map<String, PluginKind> kinds = new HashMap<>(); // by their types
  private final Runnable onChange;
  private final Map<Path, Registered> registered = new ConcurrentHashMap<>();
  private final Map<Path, String> failures = new ConcurrentHashMap<>();
  private final Set<Path> busy = ConcurrentHashMap.newKeySet();
  private boolean ensured;

  /// @param identity which file the socket is: another one, if it was made anew
  /// @param kind null if it is of none that is registered here
  private record Registered(Object identity, @Nullable PluginKind kind, String name) {
    boolean isOfSamePlugin(Registered other) {
      return other.kind == kind && other.name.equals(name);
    }
  }

  /// @param kinds those that are registered; others register elsewhere
  /// @param onChange told when a plugin came or went
  public PluginRegistry(
      World world,
      Path directory,
      PluginConnections connections,
      List<PluginKind> kinds,
      Runnable onChange) {
    this.world = world.background();
    this.directory = directory;
    this.connections = connections;
    kinds.forEach(kind -> this.kinds.put(kind.type(), kind));
    this.onChange = onChange;
  }

  /// Goes on until its task ends.
  public void run(SupervisedTask own) throws InterruptedException {
    Gate news = world.gate();
    PluginConnections.Watch watch = watch(news);
    try {
      while (true) {
        boolean done = false;
        try {
          done = round();
          own.problem("");
        } catch (IOException | ApiException e) {
          own.problem("drivers can't be registered: " + e.getMessage());
        }
        boolean _ = news.await(done && watch != null ? LATER : SOON);
      }
    } finally {
      if (watch != null) {
        watch.close();
      }
    }
  }

  /// Null if the directory cannot be watched.
  private PluginConnections.@Nullable Watch watch(Gate news) {
    try {
      return connections.watch(directory, DEPTH, news::open);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the directory of plugins is not watched: {0}", e.getMessage());
      return null;
    }
  }

  /// Returns whether all that is there was registered before.
  boolean round() throws IOException, InterruptedException {
    if (!ensured) {
      kinds.values().forEach(PluginKind::begin);
      ensured = true;
    }
    Map<Path, Object> sockets = sockets();
    for (Map.Entry<Path, Registered> known : Map.copyOf(registered).entrySet()) {
      if (!known.getValue().identity.equals(sockets.get(known.getKey()))) {
        registered.remove(known.getKey());
        takeBack(known.getValue());
      }
    }
    failures.keySet().retainAll(sockets.keySet());
    boolean done = registered.keySet().containsAll(sockets.keySet());
    for (Map.Entry<Path, Object> socket : sockets.entrySet()) {
      if (!registered.containsKey(socket.getKey()) && busy.add(socket.getKey())) {
        Task _ =
            world.start(
                "register-" + socket.getKey().getFileName(),
                () -> attempt(socket.getKey(), socket.getValue()));
      }
    }
    return done;
  }

  private Map<Path, Object> sockets() throws IOException {
    Map<Path, Object> sockets = new TreeMap<>();
    if (!Files.isDirectory(directory)) {
      return sockets;
    }
    try (Stream<Path> files = Files.walk(directory, DEPTH)) {
      for (Path file : files.toList()) {
        boolean hidden = file.getFileName().toString().startsWith(".");
        if (!hidden && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
          Map<String, Object> found =
              Files.readAttributes(file, "unix:mode,ino,ctime", LinkOption.NOFOLLOW_LINKS);
          if (found.get("mode") instanceof Integer mode && (mode & TYPE) == SOCKET) {
            sockets.put(file, found.get("ino") + "@" + found.get("ctime"));
          }
        }
      }
    }
    return sockets;
  }

  /// Takes a plugin back, unless another socket of it is there.
  private void takeBack(Registered gone) {
    PluginKind kind = gone.kind;
    if (kind != null && registered.values().stream().noneMatch(gone::isOfSamePlugin)) {
      kind.remove(gone.name);
      LOG.log(Level.INFO, "a plugin is gone: type={0} name={1}", kind.type(), gone.name);
      onChange.run();
    }
  }

  /// A plugin that does not answer holds up only itself.
  private void attempt(Path socket, Object identity) {
    try {
      register(socket, identity);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // The agent ends.
    } finally {
      busy.remove(socket);
    }
  }

  private void register(Path socket, Object identity) throws InterruptedException {
    PluginEndpoint registrar = connections.open(socket);
    try {
      PluginInfo info =
          registrar.call(RegistrationService.GET_INFO, InfoRequest.getDefaultInstance());
      PluginKind kind = kinds.get(info.getType());
      if (kind == null) {
        registered.put(socket, new Registered(identity, null, "")); // It registers elsewhere.
        return;
      }
      String error = "";
      try {
        add(socket, kind, info);
        registered.put(socket, new Registered(identity, kind, info.getName()));
        failures.remove(socket);
        LOG.log(Level.INFO, "a plugin is here: type={0} name={1}", kind.type(), info.getName());
        onChange.run();
      } catch (GrpcException | ApiException | IllegalArgumentException e) {
        error = String.valueOf(e.getMessage());
        report(socket, error);
      }
      var _ =
          registrar.call(
              RegistrationService.NOTIFY_REGISTRATION_STATUS,
              RegistrationStatus.newBuilder()
                  .setPluginRegistered(error.isEmpty())
                  .setError(error.isEmpty() ? "" : "RegisterPlugin error -- " + error)
                  .build());
    } catch (GrpcException e) {
      report(socket, String.valueOf(e.getMessage()));
    } finally {
      registrar.close();
    }
  }

  private void add(Path socket, PluginKind kind, PluginInfo info) throws InterruptedException {
    Path place = info.getEndpoint().isEmpty() ? socket : Path.of(info.getEndpoint());
    PluginEndpoint endpoint = connections.open(place);
    boolean added = false;
    try {
      kind.add(info, endpoint);
      added = true;
    } finally {
      if (!added) {
        endpoint.close();
      }
    }
  }

  /// What fails the same way round after round is a warning only once.
  private void report(Path socket, String failure) {
    LOG.log(
        failure.equals(failures.put(socket, failure)) ? Level.DEBUG : Level.WARNING,
        "a plugin was not registered: socket={0} {1}",
        socket,
        failure);
  }
}
