/// What a request set in motion: every write leaves a flow event that tells which part wrote what,
/// and what it reacted to. From them the trace of a change is put together.
package dev.tiphys.apiserver.flow;
