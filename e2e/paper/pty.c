// The far end of a serial cable: a pseudo-terminal whose near end any program opens as a device file. What is written
// there comes out here, and what comes in here can be read there. The first line of stderr is its name.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static int pass(int from, int to) {
  char bytes[4096];
  ssize_t count = read(from, bytes, sizeof bytes);
  if (count <= 0) return 0;
  for (ssize_t done = 0; done < count;) {
    ssize_t written = write(to, bytes + done, count - done);
    if (written <= 0) return 0;
    done += written;
  }
  return 1;
}

int main(void) {
  int far = posix_openpt(O_RDWR | O_NOCTTY);
  if (far < 0 || grantpt(far) != 0 || unlockpt(far) != 0) return 1;
  const char *name = ptsname(far);
  // Held open, so that the cable is there while nobody has the device file open.
  int near = open(name, O_RDWR | O_NOCTTY);
  struct termios settings;
  if (near < 0 || tcgetattr(near, &settings) != 0) return 1;
  cfmakeraw(&settings);
  if (tcsetattr(near, TCSANOW, &settings) != 0) return 1;
  fprintf(stderr, "%s\n", name);
  struct pollfd ends[2] = {{0, POLLIN, 0}, {far, POLLIN, 0}};
  while (poll(ends, 2, -1) > 0) {
    if (ends[0].revents && !pass(0, far)) break;
    if (ends[1].revents && !pass(far, 1)) break;
  }
  return 0;
}
