using Perilune.Server.Hosting;

namespace Perilune.Server.Tests;

public sealed class NetworkDiskTests
{
    private static readonly string[] s_mounts =
    [
        "22 28 0:20 / /sys rw,nosuid shared:7 - sysfs sysfs rw",
        "28 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw",
        "80 28 0:51 / /mnt/share rw,relatime shared:40 - nfs4 files:/export rw,vers=4.2",
        "81 80 254:2 / /mnt/share/local rw shared:41 - xfs /dev/vdb rw",
        @"82 28 0:52 / /mnt/my\040disk rw - fuse.sshfs me@far:/ rw",
        "83 28 0:53 / /srv rw - cifs //far/srv rw",
        "84 28 254:3 / /srv rw - btrfs /dev/vdc rw",
    ];

    [Theory]
    [InlineData("/var/lib/perilune", null)]
    [InlineData("/mnt/share", "nfs4")]
    [InlineData("/mnt/share/perilune/data", "nfs4")]
    [InlineData("/mnt/shared", null)]
    [InlineData("/mnt/share/local/data", null)]
    [InlineData("/mnt/my disk/data", "fuse.sshfs")]
    [InlineData("/srv/data", null)]
    public void The_mount_that_holds_a_folder_tells(string folder, string? type) => Assert.Equal(type, NetworkDisk.TypeOf(folder, s_mounts));

    [Fact]
    public void A_folder_of_this_machine_is_on_none() => Assert.Null(NetworkDisk.TypeOf(Path.GetTempPath()));
}
