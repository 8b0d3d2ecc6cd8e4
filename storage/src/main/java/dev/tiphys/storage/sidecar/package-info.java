/// What all helpers of a storage driver need: its calls, and the objects of the API.
package dev.tiphys.storage.sidecar;
