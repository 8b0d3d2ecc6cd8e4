package dev.tiphys.node.runtime;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.node.runtime.spec.ContainerSpec;
import dev.tiphys.node.runtime.spec.LinuxResources;
import dev.tiphys.node.runtime.spec.SandboxSpec;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Runs the sandboxes and containers of one node.
///
/// **Life.** A sandbox is made running by [#runSandbox], and becomes `NOT_READY` when it is stopped
/// or its own process dies. A container is `CREATED`, then `RUNNING` from [#startContainer] on,
/// then `EXITED`; it never runs again. Sandboxes and containers stay, with what they were made of,
/// until they are removed: over a restart of this program, of the runtime and of the machine. After
/// the last of these, what ran is `NOT_READY` or `EXITED`.
///
/// **Idempotence.** Stopping what has stopped, and stopping or removing what does not exist, does
/// nothing. Everything else names what must exist.
///
/// **Visibility.** When a call has returned, every later call sees what it did.
///
/// **Errors.** Every method may throw a [RuntimeFailure], whose reason is one of a closed set. A
/// call that ended with `UNAVAILABLE` or `TIMED_OUT` may or may not have happened.
///
/// **Threads.** Any thread may call any method. All of them wait for the runtime. An interrupt ends
/// the wait of a call that only asks, runs a command or pulls an image. A call that changes a
/// sandbox or a container is never abandoned half-way, since what it had done so far would be left
/// behind: it returns when it is done, with the thread still interrupted.
public interface ContainerRuntime {

  /// Which program this is, in which version.
  RuntimeVersion version() throws InterruptedException;

  /// Whether it can run containers, and whether it can give them a network.
  RuntimeStatus status() throws InterruptedException;

  /// Makes a sandbox and starts it, network included. If that fails nothing is left that runs; what
  /// is left shows up in [#sandboxes] as `NOT_READY`.
  ///
  /// @return the new sandbox's id
  /// @throws RuntimeFailure `FAILED` if a sandbox with the same name, namespace, uid and attempt
  ///   exists, and for whatever else is wrong with the spec or the node
  String runSandbox(SandboxSpec spec) throws InterruptedException;

  /// Kills what still runs in the sandbox, the sandbox's own process too, and gives its network
  /// back. Stop the containers first if they are to end in peace.
  void stopSandbox(String id) throws InterruptedException;

  /// Removes a sandbox and its containers, stopping them if they run.
  void removeSandbox(String id) throws InterruptedException;

  /// The sandboxes that carry all of `labels`, in no particular order.
  List<Sandbox> sandboxes(Map<String, String> labels) throws InterruptedException;

  /// @throws RuntimeFailure `NOT_FOUND`
  SandboxStatus sandboxStatus(String id) throws InterruptedException;

  /// Makes a container in a sandbox that is ready. Its image must be there.
  ///
  /// @param sandbox the spec that the sandbox was made from
  /// @return the new container's id
  /// @throws RuntimeFailure `NOT_FOUND` if the sandbox does not exist or the image is not there;
  ///   `FAILED` if the container's name and attempt are taken in this sandbox
  String createContainer(String sandboxId, ContainerSpec spec, SandboxSpec sandbox)
      throws InterruptedException;

  /// Starts a container that was created and not started yet.
  ///
  /// @throws RuntimeFailure `NOT_FOUND`; `FAILED` if it cannot run or was started before. A
  ///   container that cannot run is then `EXITED`, with exit code 128, reason `StartError` and the
  ///   cause as its message
  void startContainer(String id) throws InterruptedException;

  /// Sends the container its stop signal, waits up to `grace` for it to end, and kills it if it did
  /// not. With a grace of zero it is killed at once. Returns when it has ended. A container that
  /// was not started stays as it is.
  void stopContainer(String id, Duration grace) throws InterruptedException;

  /// Removes a container, killing it if it runs. Its log file stays.
  void removeContainer(String id) throws InterruptedException;

  /// The containers that carry all of `labels`, in no particular order.
  List<Container> containers(Map<String, String> labels) throws InterruptedException;

  /// @throws RuntimeFailure `NOT_FOUND`
  ContainerStatus containerStatus(String id) throws InterruptedException;

  /// Changes what a container may use, while it runs. Zero values and empty ones stay as they are.
  ///
  /// @throws RuntimeFailure `NOT_FOUND`; `FAILED` if the kernel refuses them. Whether it is an
  ///   error that the container has ended is the runtime's to say
  void updateResources(String id, LinuxResources resources) throws InterruptedException;

  /// Makes the runtime write to the file at the container's log path, after that was moved away.
  ///
  /// @throws RuntimeFailure `NOT_FOUND`; `FAILED` if the container does not run
  void reopenLog(String id) throws InterruptedException;

  /// Runs a command in a container that runs, and waits for its end.
  ///
  /// @param limit after this time the command is killed; zero for no limit
  /// @throws RuntimeFailure `NOT_FOUND`; `TIMED_OUT` if the limit passed; `FAILED` if the command
  ///   cannot be run or the container does not run. A command that ran and failed is a result
  ExecResult execSync(String id, List<String> command, Duration limit) throws InterruptedException;

  /// Prepares the running of a command with streams attached.
  ///
  /// @return where the streams can be had, once, by an HTTP upgrade
  /// @throws RuntimeFailure `NOT_FOUND`; `FAILED` if the container does not run
  URI exec(String id, List<String> command, Streams streams) throws InterruptedException;

  /// Prepares the attaching of streams to the container's own process. As [#exec] otherwise.
  URI attach(String id, Streams streams) throws InterruptedException;

  /// Prepares the forwarding of connections to ports inside a sandbox. As [#exec] otherwise.
  URI portForward(String sandboxId, List<Integer> ports) throws InterruptedException;

  /// What the running containers that carry all of `labels` use.
  List<ContainerStats> stats(Map<String, String> labels) throws InterruptedException;

  /// Tells what it was asked for, in numbers; nothing if it does not count.
  default void write(Exposition out) {}

  /// What happens to containers from now on. The caller closes it.
  RuntimeEvents events() throws InterruptedException;

  /// The images on this node.
  ImageStore images();
}
