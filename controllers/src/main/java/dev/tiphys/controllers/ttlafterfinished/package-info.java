/// Jobs that have ended are deleted after a while.
package dev.tiphys.controllers.ttlafterfinished;
