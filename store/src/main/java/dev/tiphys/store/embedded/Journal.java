package dev.tiphys.store.embedded;

import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.embedded.disk.Disk.DiskFullException;
import dev.tiphys.store.embedded.disk.Reserve;
import dev.tiphys.store.embedded.log.Log;
import dev.tiphys.store.embedded.log.Waiting;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.io.IOException;

/// Takes what is queued to the log, all of it at once, on a thread of its own: while one batch is
/// on its way to the disk, the next one gathers.
///
/// A log that can't be written is no defect: what was queued is taken back, and the next batch is
/// tried. Anything else that goes wrong ends the process, since what is on disk and what can be
/// seen may differ then.
final class Journal {

  private static final System.Logger LOG = System.getLogger(Journal.class.getName());

  private final Sequencer sequencer;
  private final Publisher publisher;
  private final Log log;
  private final Reserve reserve;
  private final Gate queued;
  private final SupervisedTask task;
  private volatile boolean closing;
  private volatile boolean failing; // written by the task

  Journal(
      Sequencer sequencer,
      Publisher publisher,
      Log log,
      Reserve reserve,
      Gate queued,
      World world) {
    this.sequencer = sequencer;
    this.publisher = publisher;
    this.log = log;
    this.reserve = reserve;
    this.queued = queued;
    this.task = world.supervisor().startThread("store journal", OnFailure.END_PROCESS, this::run);
  }

  private void run() throws InterruptedException {
    while (!closing) {
      queued.await();
      writeQueued();
    }
    writeQueued(); // what came after the last look and before the end
  }

  private void writeQueued() {
    for (Batch batch = sequencer.take(); batch != null; batch = sequencer.take()) {
      write(batch);
    }
  }

  private void write(Batch batch) {
    try {
      append(batch);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      sequencer.takeBack(batch, failed(e));
      return;
    }
    if (failing) {
      LOG.log(System.Logger.Level.INFO, "the log can be written again");
      failing = false;
    }
    try {
      publisher.publish(batch);
    } catch (RuntimeException | Error e) { // what can be seen is no longer what is on disk
      StoreException stopped =
          new StoreException(
              Reason.UNAVAILABLE, "the store takes no writes after a defect: " + e, e);
      sequencer.close(stopped);
      sequencer.takeBack(batch, stopped);
      throw e;
    }
  }

  /// When there is no room left, what frees some is written all the same.
  private void append(Batch batch) throws IOException {
    try {
      if (!batch.frees()) {
        reserve.restore();
      }
      log.append(batch.changes(), batch.firstRevision());
    } catch (DiskFullException e) {
      if (!reserve.isHeld()) {
        throw e;
      }
      reserve.giveUp();
      if (!batch.frees()) {
        throw e;
      }
      log.append(batch.changes(), batch.firstRevision());
    }
    if (!reserve.isHeld() && reserve.hasRoom()) {
      reserve.begin();
    }
  }

  private StoreException failed(Throwable e) {
    if (!failing) { // told once, not with every write
      LOG.log(System.Logger.Level.ERROR, "the log could not be written", e);
      failing = true;
    }
    if (e instanceof DiskFullException) {
      return new StoreException(
          Reason.NO_SPACE,
          "the disk is full: %s. Free some space for %s; writing then goes on by itself"
              .formatted(e.getMessage(), log.directory()),
          e);
    }
    return new StoreException(
        Reason.UNAVAILABLE,
        "the log could not be written, so the write may be lost or not; check the disk: " + e,
        e);
  }

  /// Whether the last write to the log failed, or only deletions are written.
  boolean isFailing() {
    return failing || !reserve.isHeld();
  }

  /// Writes what is still queued, and ends. Nothing may be queued any more.
  void close() {
    closing = true;
    queued.open();
    Waiting.forEnd(task::done, task::join);
  }
}
