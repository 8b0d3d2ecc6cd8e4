package dev.tiphys.controllers.common;

/// A controller, as the process that runs it sees it.
///
/// It asks for its informers, and listens to them, while it is made; it acts only after [#start],
/// which comes once those informers are complete.
public interface Component extends AutoCloseable {

  void start();

  @Override
  void close();
}
