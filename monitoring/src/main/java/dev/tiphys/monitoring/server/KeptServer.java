package dev.tiphys.monitoring.server;

import dev.tiphys.client.defaults.ServedHere;
import dev.tiphys.monitoring.config.Rendered;
import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.monitoring.program.Server;
import dev.tiphys.monitoring.program.ServerProgram;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.ObjectKey;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A server that is kept for an object: the program, once it runs, and what that was last told. It
/// is configured, checked, reloaded, and started anew where it is to have other flags.
///
/// Threads: changed by one at a time; the server may be asked for by any.
public final class KeptServer implements AutoCloseable {

  private final ServerTools tools;
  private final ServerProgram program;
  private final Path directory;
  private final ConfigurationFiles files;
  private final Consumer<ProgramState> told;
  private volatile @Nullable Server server;
  private volatile boolean confirmed;
  private volatile Set<ObjectKey> references = Set.of();
  private List<String> flags = List.of();
  private String text = "";
  private @Nullable ServedHere served;

  /// Makes the configuration that it should have, and takes it if it is good.
  @FunctionalInterface
  public interface Configuring {

    /// Returns why the program refuses it; empty if it does not.
    String run() throws RejectedException, InterruptedException;
  }

  /// What the server is started with.
  @FunctionalInterface
  public interface Wanted {
    List<String> flags() throws RejectedException, InterruptedException;
  }

  /// @param directory where its files are
  /// @param told of each change of the server's state
  public KeptServer(
      ServerTools tools, ServerProgram program, Path directory, Consumer<ProgramState> told) {
    this.tools = tools;
    this.program = program;
    this.directory = directory;
    this.files = new ConfigurationFiles(directory);
    this.told = told;
  }

  /// Where its files are.
  public Path directory() {
    return directory;
  }

  /// The files of its configuration.
  public ConfigurationFiles files() {
    return files;
  }

  /// The server; null before it is started for the first time.
  public @Nullable Server server() {
    return server;
  }

  /// Whether the server answers.
  public boolean isReady() {
    Server present = server;
    return present != null && present.state().ready();
  }

  /// Whether it has a configuration with this text.
  public boolean has(Rendered rendered) {
    return rendered.text().equals(text);
  }

  /// Whether the configuration refers to an object.
  boolean refersTo(ObjectKey object) {
    return references.contains(object);
  }

  /// Says what the configuration refers to.
  public void refersTo(Set<ObjectKey> all) {
    references = all;
  }

  /// Why the program refuses a configuration; empty if it does not. What is good can be taken.
  public String check(Rendered rendered) throws InterruptedException {
    return program.check(files.prepare(rendered));
  }

  /// Takes the configuration that was checked last.
  public void take(Rendered rendered) {
    files.take();
    text = rendered.text();
    confirmed = false;
    files.purge(rendered.files().keySet());
  }

  /// Has it configured, and has it run with the newest configuration that is good. Returns why it
  /// is not as it should be; empty if it is, or is on its way.
  ///
  /// @param wanted the flags that it is to have
  /// @param exposure how it is reached
  public String keep(Configuring configuring, Wanted wanted, Exposure exposure)
      throws InterruptedException {
    String missing = program.missing();
    if (!missing.isEmpty()) {
      return missing;
    }
    try {
      String refusal = configuring.run();
      if (!refusal.isEmpty()) {
        refusal = "the configuration is refused: " + refusal;
      }
      if (text.isEmpty()) {
        return refusal;
      }
      String unread = run(wanted.flags(), exposure);
      return refusal.isEmpty() ? unread : refusal;
    } catch (RejectedException e) {
      return e.message();
    } catch (ApiException e) {
      return e.message();
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage()); // a selector cannot be read
    } catch (UncheckedIOException e) {
      return "its files cannot be written: " + e.getMessage();
    }
  }

  private String run(List<String> wanted, Exposure exposure) throws InterruptedException {
    Server present = server;
    if (present != null && !wanted.equals(flags)) {
      present.close();
      present = null;
    }
    if (present == null) {
      flags = wanted;
      present = program.start(directory, wanted, this::changed);
      server = present;
    }
    expose(exposure, present);
    if (!present.state().ready() || confirmed) {
      return "";
    }
    String why = present.reload();
    confirmed = why.isEmpty();
    return why;
  }

  /// A server that was started anew may have read an older configuration.
  private void changed(ProgramState state) {
    confirmed = false;
    told.accept(state);
  }

  private void expose(Exposure exposure, Server running) {
    exposure.ensureService(tools.api(), tools.objects());
    ServedHere before = served;
    if (before == null) {
      served =
          new ServedHere(
                  tools.world(),
                  tools.api(),
                  exposure.hosted().key(),
                  () -> slices(exposure, running))
              .start();
    } else {
      before.look();
    }
  }

  private List<Struct> slices(Exposure exposure, Server first) {
    Server now = server;
    return List.of(exposure.slice((now == null ? first : now).address()));
  }

  @Override
  public void close() {
    Server present = server;
    if (present != null) {
      present.close(); // first: it must not outlive this process, whatever becomes of the rest
    }
    ServedHere before = served;
    if (before != null) {
      before.close();
    }
  }
}
