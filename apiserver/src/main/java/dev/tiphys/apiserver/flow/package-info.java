/// What a request set in motion: every write leaves a flow event that tells who wrote what, and
/// what made him do it. From them the walk of a change is put together.
package dev.tiphys.apiserver.flow;
